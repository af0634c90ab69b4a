"""What a conjunction-screening service asks for: an ephemeris with covariance and a body's size."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import numpy as np

from moonbase.core.arrays import Array
from moonbase.core.errors import ExportError
from moonbase.export.ccsds import write_oem


def write_screening(
    *,
    path: str | os.PathLike[str],
    t_tdb_s: Array,
    r_m: Array,
    v_m_s: Array,
    covariance_si: Array,
    hard_body_radius_m: float,
    maneuverable: bool,
    object_name: str,
    object_id: str,
    center_name: str,
    ref_frame: str,
    ephemeris: str,
    gravity_field: str,
    originator: str = "MOONBASE",
    created: datetime | None = None,
) -> Path:
    """Write one release as input for conjunction screening: an OEM with covariance in RTN.

    Parameters
    ----------
    path
        File to write; one that exists is replaced.
    t_tdb_s, r_m, v_m_s
        Epochs and states as in :func:`moonbase.export.write_oem`.
    covariance_si
        Covariance of the state in the axes of ``ref_frame``, SI (6, 6, time).
    hard_body_radius_m
        Radius of a sphere that holds the whole craft, m.
    maneuverable
        Whether the craft can move out of the way.
    object_name, object_id, center_name, ref_frame, ephemeris, gravity_field, originator, created
        As in :func:`moonbase.export.write_oem`.

    Returns
    -------
    Path
        The file. Radius and manoeuvrability are comments, for CCSDS has no field for them here.

    Raises
    ------
    ExportError
        As :func:`moonbase.export.write_oem`, or a radius that is not positive.

    Notes
    -----
    R points from the centre to the craft, N along the orbital momentum, T completes them. Position
    and velocity are turned by the same matrix: the turning of the axes is left out, as screening
    services do.

    Source: CCSDS 502.0-B-3 (2023), Orbit Data Messages, section 5 and annex on local frames.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = write_screening(
    ...         path=folder + "/a.oem", t_tdb_s=np.array([0.0]), r_m=[[2e6], [0.0], [0.0]],
    ...         v_m_s=[[0.0], [2e3], [0.0]], covariance_si=np.eye(6)[..., None],
    ...         hard_body_radius_m=30.0, maneuverable=True, object_name="A",
    ...         object_id="2030-001A", center_name="MOON", ref_frame="ICRF", ephemeris="DE440",
    ...         gravity_field="degree 10",
    ...     )
    ...     "COV_REF_FRAME = RTN" in file.read_text()
    True
    """
    if not hard_body_radius_m > 0.0:
        raise ExportError("must be > 0", path="hard_body_radius_m", hint="hold the whole craft")
    turn = _to_rtn(np.asarray(r_m, dtype=np.float64), np.asarray(v_m_s, dtype=np.float64))
    both = np.zeros((turn.shape[0], 6, 6))
    both[:, :3, :3] = both[:, 3:, 3:] = turn
    turned = np.einsum("tij,jkt,tlk->ilt", both, np.asarray(covariance_si), both)
    return write_oem(
        path=path,
        t_tdb_s=t_tdb_s,
        r_m=r_m,
        v_m_s=v_m_s,
        object_name=object_name,
        object_id=object_id,
        center_name=center_name,
        ref_frame=ref_frame,
        ephemeris=ephemeris,
        gravity_field=gravity_field,
        covariance_si=turned,
        covariance_frame="RTN",
        originator=originator,
        created=created,
        comments=[
            f"HARD_BODY_RADIUS_M {hard_body_radius_m:.6g}",
            f"MANEUVERABLE {'YES' if maneuverable else 'NO'}",
        ],
    )


def _to_rtn(r_m: Array, v_m_s: Array) -> Array:
    """Rows radial, transverse and normal for each state (time, 3, 3)."""
    radial = r_m / np.linalg.norm(r_m, axis=0)
    momentum = np.cross(r_m, v_m_s, axis=0)
    normal = momentum / np.linalg.norm(momentum, axis=0)
    return np.stack([radial, np.cross(normal, radial, axis=0), normal]).transpose(2, 0, 1)
