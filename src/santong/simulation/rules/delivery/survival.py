"""Log-logistic durations, some of them not ended yet: likelihood, slopes, one shared shift.

An order that has not arrived is not thrown away: it says "at least this long". Leaving such
orders out would make every estimate near the cut-off too short.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from santong.simulation.rules.places import Floats

Booleans = npt.NDArray[np.bool_]

NEWTON_STEPS = 12
STEP_MIN = 1e-4  # log days: nothing that a calendar could show
SCALES = np.linspace(0.12, 0.60, 49)
SHIFTS = np.linspace(-0.8, 1.0, 91)


def fitted(
    *, columns: Floats, log_days: Floats, has_ended: Booleans, penalty: Floats
) -> tuple[Floats, float]:
    """The weights of the columns and the scale that make what was seen the likeliest."""
    weights = np.zeros(columns.shape[1])
    weights[0] = float(np.median(log_days))
    scale = 0.3
    for _ in range(NEWTON_STEPS):
        slope, curve = _slopes(log_days - columns @ weights, scale, has_ended)
        bend = columns.T @ (columns * curve[:, None]) + np.diag(penalty)
        step = np.linalg.solve(bend, columns.T @ slope - penalty * weights)
        weights = weights + step
        if np.abs(step).max() < STEP_MIN:
            break
        scale = _likeliest_scale(log_days - columns @ weights, has_ended)
    return weights, scale


def likeliest_shift(
    residuals: Floats,
    *,
    has_ended: Booleans,
    scale: float,
    prior_deviation: float,
    worth_at_most: float,
) -> float:
    """By how much all of these run slower (log days), shrunk to 0; the mean of what is credible.

    Orders of the same weeks share one weather, so however many they are, they are worth at most
    `worth_at_most` independent ones.
    """
    if not len(residuals):
        return 0.0
    spread = (residuals[None, :] - SHIFTS[:, None]) / scale
    likelihood = np.where(has_ended, _log_density(spread), _log_survival(spread)).sum(axis=1)
    likelihood *= worth_at_most / (worth_at_most + len(residuals))
    likelihood -= (SHIFTS / prior_deviation) ** 2 / 2
    credible = np.exp(likelihood - likelihood.max())
    return float((credible * SHIFTS).sum() / credible.sum())


def quantile(residuals: Floats, *, has_ended: Booleans, share: float) -> float:
    """The residual that `share` of all stay below, counting the unended ones (Kaplan and Meier)."""
    order = np.argsort(residuals, kind="stable")
    at_risk = np.arange(len(residuals), 0, -1, dtype=np.float64)
    surviving = np.cumprod(1 - has_ended[order] / at_risk)
    reached = np.nonzero(surviving <= 1 - share)[0]
    return float(residuals[order][reached[0] if len(reached) else -1])


def _slopes(left: Floats, scale: float, has_ended: Booleans) -> tuple[Floats, Floats]:
    below = 1 / (1 + np.exp(-left / scale))
    slope = np.where(has_ended, 2 * below - 1, below) / scale
    curve = np.where(has_ended, 2.0, 1.0) * below * (1 - below) / scale**2
    return slope, curve


def _likeliest_scale(left: Floats, has_ended: Booleans) -> float:
    likelihoods = [
        np.where(
            has_ended, _log_density(left / scale) - np.log(scale), _log_survival(left / scale)
        ).sum()
        for scale in SCALES
    ]
    return float(SCALES[int(np.argmax(likelihoods))])


def _log_density(spread: Floats) -> Floats:
    logs: Floats = -spread - 2 * np.logaddexp(0.0, -spread)
    return logs


def _log_survival(spread: Floats) -> Floats:
    logs: Floats = -np.logaddexp(0.0, spread)
    return logs
