"""The tables of stagedsales."""
