from __future__ import annotations

from django.apps import AppConfig


class SimulationConfig(AppConfig):
    name = "santong.simulation"
    label = "simulation"
