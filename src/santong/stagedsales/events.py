"""The facts of stagedsales."""
