"""Where buying agents and the buyers behind them come in."""
