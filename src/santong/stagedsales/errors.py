"""The refusals of stagedsales."""
