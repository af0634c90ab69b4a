"""How straight a guideway is: alignment spectra, their realisations, single waves.

Neglected: stiffness that varies from span to span, the give of the ground under a passing sled,
and slow drift, which is the survey's to remove.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from moonbase.core.arrays import Array
from moonbase.core.errors import DomainError

Waves = npt.NDArray[np.complex128]

_QUADRATURE_POINTS = 20_001
_WAVES_IN_PERIOD = 8.0
_NODES_PER_WAVE = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignmentSpectrum:
    r"""One-sided spectrum of a track's irregularity over the wavenumber in rad/m.

    :math:`S(\kappa) = A \kappa_c^2 / [(\kappa^2 + \kappa_r^2)(\kappa^2 + \kappa_c^2)]` in m2 per
    rad/m, between the shortest and the longest wavelength and zero outside; the square of the
    irregularity has the mean :math:`\int S\,d\kappa`. The wavelengths of the breaks are
    :math:`2\pi/\kappa_r` (flat above it) and :math:`2\pi/\kappa_c` (steeper below it); infinity
    and zero leave the plain power law :math:`A/\kappa^2`.
    """

    roughness_m: float
    shortest_wavelength_m: float
    longest_wavelength_m: float
    break_wavelength_m: float = math.inf
    cut_wavelength_m: float = 0.0

    def density(self, kappa_rad_m: Array) -> Array:
        """Spectral density, m2 per rad/m, at wavenumbers in rad/m."""
        turn = 2.0 * math.pi
        inside = (kappa_rad_m >= turn / self.longest_wavelength_m) & (
            kappa_rad_m <= turn / self.shortest_wavelength_m
        )
        kappa = np.where(inside, kappa_rad_m, 1.0)
        corner = turn / self.break_wavelength_m
        steep = 1.0 + (kappa * self.cut_wavelength_m / turn) ** 2
        values: Array = np.where(inside, self.roughness_m / ((kappa**2 + corner**2) * steep), 0.0)
        return values


@dataclass(frozen=True, slots=True, kw_only=True)
class SineWave:
    """A single wave of the track, amplitude times cos(2 pi s / wavelength + phase)."""

    amplitude_m: float
    wavelength_m: float
    phase_rad: float = 0.0
    vertical: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Guideway:
    """Irregularity of a guideway: none where nothing is given.

    ``vertical`` and ``lateral`` are the alignment as built, ``survey_vertical`` and
    ``survey_lateral`` the long waves that survey and levelling leave, ``cross_level`` the height
    of one side over the other across the diameter of the bucket.
    """

    vertical: AlignmentSpectrum | None = None
    lateral: AlignmentSpectrum | None = None
    survey_vertical: AlignmentSpectrum | None = None
    survey_lateral: AlignmentSpectrum | None = None
    cross_level: AlignmentSpectrum | None = None
    waves: tuple[SineWave, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveResponse:
    """What a wave of the track does to a soft sled at a steady speed."""

    transverse_speed_m_s: float
    direction_rad: float
    gap_change_m: float
    track_acceleration_m_s2: float
    sled_acceleration_m_s2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackProfile:
    """One realisation of a track: position along it and offset from the line, m (node)."""

    position_m: Array
    offset_m: Array


def alignment_spectrum(
    *,
    rms_m: float,
    shortest_wavelength_m: float,
    longest_wavelength_m: float,
    chord_m: float | None = None,
    break_wavelength_m: float = math.inf,
    cut_wavelength_m: float = 0.0,
) -> AlignmentSpectrum:
    r"""Spectrum with a given rms, of the offset itself or over a chord.

    Parameters
    ----------
    rms_m
        Root mean square, m: of the offset from the true line, or with ``chord_m`` of the offset
        of the chord's middle from the mean of its ends.
    shortest_wavelength_m, longest_wavelength_m
        Limits of the band, m.
    chord_m
        Length of the straight edge, m, if the rms is measured with one.
    break_wavelength_m, cut_wavelength_m
        Wavelengths above which the spectrum is flat and below which it falls as the fourth
        power, m.

    Returns
    -------
    AlignmentSpectrum
        The spectrum with its roughness A set.

    Raises
    ------
    DomainError
        An rms below zero, a band that is empty or not finite, or a negative break.

    Notes
    -----
    :math:`\sigma^2 = \int S |T|^2 d\kappa`, T = 1 or :math:`1 - \cos(\kappa c/2)` for the chord c.

    Source: the two-slope form is that of German main-line rail track (as in Claus and Schiehlen
    1998, Vehicle System Dynamics 29 suppl. 1, 538); the power law of exponent 2 is that of road
    profiles (ISO 8608). No spectrum of a lunar guideway exists: the roughness is for the user to
    argue.

    Examples
    --------
    >>> track = alignment_spectrum(rms_m=1e-4, chord_m=10.0, shortest_wavelength_m=2.0,
    ...                            longest_wavelength_m=30.0)
    >>> round(chord_rms(spectrum=track, chord_m=10.0) * 1e3, 6)
    0.1
    """
    if not rms_m >= 0.0:
        raise DomainError("must be >= 0", path="rms_m", hint="give the rms in metres")
    if not 0.0 < shortest_wavelength_m < longest_wavelength_m < math.inf:
        raise DomainError(
            "the band is empty or not finite",
            path="longest_wavelength_m",
            hint="give 0 < shortest_wavelength_m < longest_wavelength_m",
        )
    if not (break_wavelength_m > 0.0 and 0.0 <= cut_wavelength_m < math.inf):
        raise DomainError(
            "break must be > 0 and cut >= 0",
            path="break_wavelength_m",
            hint="infinity and zero leave the plain power law",
        )
    unit = AlignmentSpectrum(
        roughness_m=1.0,
        shortest_wavelength_m=shortest_wavelength_m,
        longest_wavelength_m=longest_wavelength_m,
        break_wavelength_m=break_wavelength_m,
        cut_wavelength_m=cut_wavelength_m,
    )
    unit_rms = _rms(unit, chord_m)
    return replace(unit, roughness_m=(rms_m / unit_rms) ** 2)


def chord_rms(*, spectrum: AlignmentSpectrum, chord_m: float | None = None) -> float:
    r"""Rms of a track's offset, m, or of its mid-chord offset if a chord is given.

    Parameters
    ----------
    spectrum
        Spectrum of the track.
    chord_m
        Length of the straight edge, m.

    Returns
    -------
    float
        Root mean square, m.

    Raises
    ------
    DomainError
        The chord is not positive.

    Notes
    -----
    See :func:`alignment_spectrum`. Source: derived; mid-chord offsets are how rail track is
    measured (EN 13848).

    Examples
    --------
    >>> flat = AlignmentSpectrum(roughness_m=1e-8, shortest_wavelength_m=1.0,
    ...                          longest_wavelength_m=100.0)
    >>> round(chord_rms(spectrum=flat) * 1e3, 2)
    0.4
    """
    return _rms(spectrum, chord_m)


def realise_alignment(
    *, spectrum: AlignmentSpectrum, length_m: float, seed: int, n_nodes: int | None = None
) -> TrackProfile:
    r"""One Gaussian track with the given spectrum.

    Parameters
    ----------
    spectrum
        Spectrum of the track.
    length_m
        Length, m.
    seed
        Seed of the random numbers: the same seed gives the same track.
    n_nodes
        Number of nodes along the length; ten to the shortest wave if not given.

    Returns
    -------
    TrackProfile
        Positions and offsets, m (node).

    Raises
    ------
    DomainError
        The length is not positive.

    Notes
    -----
    Fourier sum on the wavenumbers of a period that holds the track twice and the longest wave
    eight times: :math:`u = \sum_i \sqrt{S_i \Delta\kappa}\,(a_i \cos \kappa_i s + b_i \sin
    \kappa_i s)` with a and b standard normal.

    Source: Shinozuka and Deodatis (1991), Applied Mechanics Reviews 44(4), 191, with Gaussian
    amplitudes.

    Examples
    --------
    >>> track = AlignmentSpectrum(roughness_m=1e-8, shortest_wavelength_m=2.0,
    ...                           longest_wavelength_m=30.0)
    >>> profile = realise_alignment(spectrum=track, length_m=100.0, seed=1)
    >>> profile.offset_m.shape
    (501,)
    """
    if not 0.0 < length_m < math.inf:
        raise DomainError("must be > 0", path="length_m", hint="give the length of the track")
    step = length_m / (n_nodes - 1) if n_nodes else _node_step(spectrum, length_m)
    count = round(length_m / step) + 1
    grid = WaveGrid.of(step, length_m, [spectrum])
    waves = grid.draw(spectrum, np.random.default_rng(seed))
    return TrackProfile(
        position_m=step * np.arange(count, dtype=np.float64),
        offset_m=grid.profile(waves)[:count],
    )


def wave_response(
    *, amplitude_m: float, wavelength_m: float, speed_m_s: float, suspension_Hz: float
) -> WaveResponse:
    r"""Transverse speed that a wave of the track gives a softly sprung sled.

    Parameters
    ----------
    amplitude_m, wavelength_m
        Wave of the track, m.
    speed_m_s
        Speed along the track, m/s.
    suspension_Hz
        Natural frequency of the sled on its suspension, Hz.

    Returns
    -------
    WaveResponse
        Amplitudes of the sled's transverse speed, m/s, of its direction, rad, of the gap, m, and
        of the accelerations of the track as the sled meets it and of the sled, m/s2.

    Raises
    ------
    DomainError
        A wavelength or speed that is not positive, or a suspension that does not isolate:
        its frequency reaches that of the wave.

    Notes
    -----
    :math:`v_\perp = A \omega_0^2 / \omega` with :math:`\omega = 2 \pi v / \lambda`: the limit
    :math:`\omega \gg \omega_0` without damping, of a point-like sled at steady speed. For a sled
    that accelerates through the resonance, with its length and damping, see
    :func:`moonbase.driver.ride.wave_passage`.

    Source: linear oscillator, elementary.

    Examples
    --------
    >>> wave = wave_response(amplitude_m=1e-3, wavelength_m=30.0, speed_m_s=2500.0,
    ...                      suspension_Hz=10.0)
    >>> round(wave.transverse_speed_m_s * 1e3, 1), round(wave.direction_rad * 1e6, 1)
    (7.5, 3.0)
    """
    if not (wavelength_m > 0.0 and speed_m_s > 0.0):
        raise DomainError(
            "wavelength and speed must be > 0", path="wavelength_m", hint="give both in SI"
        )
    omega = 2.0 * math.pi * speed_m_s / wavelength_m
    omega_0 = 2.0 * math.pi * suspension_Hz
    if not 0.0 <= omega_0 < omega:
        raise DomainError(
            "the suspension does not isolate this wave",
            path="suspension_Hz",
            hint=f"it must stay below {omega / (2.0 * math.pi):.3g} Hz",
        )
    speed = amplitude_m * omega_0**2 / omega
    return WaveResponse(
        transverse_speed_m_s=speed,
        direction_rad=speed / speed_m_s,
        gap_change_m=amplitude_m,
        track_acceleration_m_s2=amplitude_m * omega**2,
        sled_acceleration_m_s2=amplitude_m * omega_0**2,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveGrid:
    """Wavenumbers of the Fourier sums that stand for a track."""

    n_nodes: int
    step_m: float
    kappa_rad_m: Array

    @classmethod
    def of(cls, step_m: float, length_m: float, spectra: list[AlignmentSpectrum]) -> WaveGrid:
        """Grid whose period holds the track twice and the longest wave several times."""
        longest = max((spectrum.longest_wavelength_m for spectrum in spectra), default=0.0)
        period = max(2.0 * length_m, _WAVES_IN_PERIOD * longest)
        n_nodes = 1 << math.ceil(math.log2(period / step_m + 2.0))
        kappa = np.asarray(2.0 * math.pi * np.fft.rfftfreq(n_nodes, step_m), dtype=np.float64)
        return cls(n_nodes=n_nodes, step_m=step_m, kappa_rad_m=kappa)

    def variance(self, spectrum: AlignmentSpectrum) -> Array:
        """Mean square of each wave of a spectrum, m2 (wave)."""
        kappa = _band(spectrum)
        density = spectrum.density(kappa)
        parts = 0.5 * (density[1:] + density[:-1]) * np.diff(kappa)
        below = np.concatenate([[0.0], np.cumsum(parts)])
        edges = np.append(self.kappa_rad_m, np.inf) - 0.5 * self.kappa_rad_m[1]
        variances: Array = np.diff(np.interp(edges, kappa, below))
        return variances

    def draw(self, spectrum: AlignmentSpectrum, rng: np.random.Generator) -> Waves:
        """Complex amplitudes of one track, m (wave)."""
        normal = rng.standard_normal((2, self.kappa_rad_m.size))
        waves: Waves = np.sqrt(self.variance(spectrum)) * (normal[0] - 1j * normal[1])
        return waves

    def profile(self, waves: Waves) -> Array:
        """Sum of Re(amplitude exp(i kappa s)) at the nodes, in the unit of the amplitudes."""
        offsets: Array = np.fft.irfft(waves, self.n_nodes) * (0.5 * self.n_nodes)
        return offsets


def mean_filter(kappa_rad_m: Array, length_m: float) -> Array:
    """Factor by which a wave shrinks when averaged over a length."""
    factor: Array = np.sinc(kappa_rad_m * length_m / (2.0 * math.pi))
    return factor


def slope_filter(kappa_rad_m: Array, length_m: float) -> Array:
    """Slope in rad/m that a length laid on a unit wave takes by least squares."""
    half = 0.5 * length_m
    phase = np.asarray(kappa_rad_m * half)
    small = phase < 1e-2
    safe = np.where(small, 1.0, phase)
    exact = 3.0 * (np.sin(safe) - safe * np.cos(safe)) / safe**3
    factor: Array = kappa_rad_m * np.where(small, 1.0 - 0.1 * phase**2, exact)
    return factor


def _rms(spectrum: AlignmentSpectrum, chord_m: float | None) -> float:
    if chord_m is not None and not 0.0 < chord_m < math.inf:
        raise DomainError("must be > 0", path="chord_m", hint="give the length of the chord")
    kappa = _band(spectrum)
    seen = 1.0 if chord_m is None else (1.0 - np.cos(0.5 * kappa * chord_m)) ** 2
    return math.sqrt(np.trapezoid(spectrum.density(kappa) * seen, kappa))


def _band(spectrum: AlignmentSpectrum) -> Array:
    low = 2.0 * math.pi / spectrum.longest_wavelength_m
    high = 2.0 * math.pi / spectrum.shortest_wavelength_m
    kappa = np.geomspace(low, high, _QUADRATURE_POINTS)
    kappa[[0, -1]] = low, high
    return kappa


def _node_step(spectrum: AlignmentSpectrum, length_m: float) -> float:
    return length_m / math.ceil(_NODES_PER_WAVE * length_m / spectrum.shortest_wavelength_m)
