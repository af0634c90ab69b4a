"""Satellites by cohort: random loss, degradation and retirement at a fixed age, step by step.

A cohort delivered at step u has, at age a < life, ``exp(-loss a)`` of its satellites alive and
``exp(-(loss + degradation) a)`` of its power. Sums over cohorts follow by recurrence; the cohort
that reaches its life leaves with what it still has.
"""

from __future__ import annotations

import numpy as np

from moonbase.core.arrays import Array


class Fleet:
    """One fleet. ``alive_W`` counts nameplate power, ``power_W`` power after degradation.

    ``added_W_yr`` is what the last twelve months delivered. A step is a month unless
    ``n_steps_yr`` says otherwise.
    """

    __slots__ = (
        "_age_alive",
        "_age_power",
        "_columns",
        "_delivered_W",
        "_delivered_flop_s",
        "_keep",
        "_keep_power",
        "_life",
        "_year",
        "added_W_yr",
        "alive_W",
        "compute_flop_s",
        "failed_W",
        "power_W",
        "retired_W",
    )

    def __init__(
        self,
        *,
        n_steps: int,
        life_yr: Array,
        loss_1_yr: Array,
        degradation_1_yr: Array,
        n_steps_yr: int = 12,
    ) -> None:
        n_draws = life_yr.shape[-1]
        self._life = np.maximum(1, np.rint(life_yr * n_steps_yr)).astype(int)
        self._columns, self._year = np.arange(n_draws), n_steps_yr
        self._keep = np.exp(-loss_1_yr / n_steps_yr)
        self._keep_power = np.exp(-(loss_1_yr + degradation_1_yr) / n_steps_yr)
        self._age_alive = self._keep**self._life
        self._age_power = self._keep_power**self._life
        self._delivered_W, self._delivered_flop_s = np.zeros((2, n_steps, n_draws))
        self.added_W_yr = np.zeros(n_draws)
        self.alive_W, self.power_W, self.compute_flop_s = (np.zeros(n_draws) for _ in range(3))
        self.failed_W, self.retired_W = np.zeros(n_draws), np.zeros(n_draws)

    def step(self, step: int, delivered_W: Array, flop_J: Array) -> None:
        """Age the fleet by a step, retire what reached its life, add what was delivered."""
        self.failed_W += self.alive_W * (1.0 - self._keep)
        self.alive_W *= self._keep
        self.power_W *= self._keep_power
        self.compute_flop_s *= self._keep_power
        born = step - self._life
        due = born >= 0
        if due.any():
            row = np.maximum(born, 0)
            old_W = self._delivered_W[row, self._columns] * due
            old_flop_s = self._delivered_flop_s[row, self._columns] * due
            retired = old_W * self._age_alive
            self.retired_W += retired
            self.alive_W -= retired
            self.power_W -= old_W * self._age_power
            self.compute_flop_s -= old_flop_s * self._age_power
            for stock in (self.alive_W, self.power_W, self.compute_flop_s):
                np.maximum(stock, 0.0, out=stock)
        delivered_flop_s = delivered_W * flop_J
        self._delivered_W[step], self._delivered_flop_s[step] = delivered_W, delivered_flop_s
        self.alive_W += delivered_W
        self.power_W += delivered_W
        self.compute_flop_s += delivered_flop_s
        first = max(0, step - self._year + 1)
        self.added_W_yr = self._delivered_W[first : step + 1].sum(axis=0)
