"""Orbit files, read back by other people's readers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ccsds_ndm
import numpy as np
import pyarrow.parquet as pq
import pytest
from oem import OrbitEphemerisMessage

from moonbase.core.errors import ExportError
from moonbase.export import (
    Burn,
    Track,
    write_czml,
    write_elements,
    write_oem,
    write_opm,
    write_screening,
    write_states,
)

CREATED = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
RNG = np.random.default_rng(4)
TIMES = 946728000.0 + np.array([0.0, 60.25, 3600.0, 86400.0])
R = RNG.normal(size=(3, 4)) * 1e9
V = RNG.normal(size=(3, 4)) * 1e3
ROOT = RNG.normal(size=(6, 6, 4)) * np.array([10.0] * 3 + [1e-3] * 3)[:, None, None]
COVARIANCE = np.einsum("ikt,jkt->ijt", ROOT, ROOT)
ABOUT: dict[str, Any] = {
    "object_name": "MB-0001",
    "object_id": "2030-001A",
    "center_name": "MOON",
    "ref_frame": "ICRF",
    "ephemeris": "DE440",
    "gravity_field": "GLGM-3 degree 10",
    "created": CREATED,
}
STATES: dict[str, Any] = {"t_tdb_s": TIMES, "r_m": R, "v_m_s": V}


def test_an_oem_is_read_by_oem(tmp_path: Path) -> None:
    path = write_oem(path=tmp_path / "a.oem", covariance_si=COVARIANCE, **STATES, **ABOUT)
    message = OrbitEphemerisMessage.open(path)
    (segment,) = message.segments
    assert message.version == "2.0"
    assert segment.metadata["CENTER_NAME"] == "MOON"
    assert segment.metadata["TIME_SYSTEM"] == "TDB"
    epochs = [state.epoch.isot for state in message.states]
    assert epochs[1] == "2030-01-01T00:01:00.250000"
    assert [state.epoch.scale for state in message.states] == ["tdb"] * 4
    position = np.array([state.position for state in message.states]).T * 1e3
    velocity = np.array([state.velocity for state in message.states]).T * 1e3
    assert np.allclose(position, R, rtol=3e-16, atol=0.0)
    assert np.allclose(velocity, V, rtol=3e-16, atol=0.0)
    read = np.array([item.matrix for item in message.covariances]) * 1e6
    assert np.allclose(read.transpose(1, 2, 0), COVARIANCE, rtol=1e-14, atol=0.0)


def test_an_oem_is_read_by_ccsds_ndm(tmp_path: Path) -> None:
    path = write_oem(path=tmp_path / "a.oem", **STATES, **ABOUT, comments=["one", "two"])
    message = ccsds_ndm.Oem.from_file(str(path))
    message.validate()
    (segment,) = message.segments
    assert segment.metadata.object_id == "2030-001A"
    assert segment.metadata.interpolation_degree == 7
    assert segment.metadata.comment == ["EPHEMERIS DE440", "GRAVITY FIELD GLGM-3 degree 10"]
    read = np.array(segment.data.state_vector_numpy) * 1e3
    assert np.allclose(read.T, np.vstack([R, V]), rtol=3e-16, atol=0.0)


def test_an_opm_is_read_by_ccsds_ndm(tmp_path: Path) -> None:
    burn = Burn(
        t_tdb_s=TIMES[2],
        duration_s=30.0,
        delta_mass_kg=-1.5,
        delta_v_m_s=np.array([1.0, -2.0, 3.0]),
        ref_frame="RTN",
    )
    path = write_opm(
        path=tmp_path / "a.opm",
        t_tdb_s=TIMES[0],
        r_m=R[:, 0],
        v_m_s=V[:, 0],
        mass_kg=1000.0,
        solar_area_m2=317.0,
        solar_pressure_ratio=1.2,
        covariance_si=COVARIANCE[..., 0],
        covariance_frame="RTN",
        burns=[burn, burn],
        **ABOUT,
    )
    message = ccsds_ndm.Opm.from_file(str(path))
    message.validate()
    state = message.segment.data.state_vector
    assert str(state.epoch).startswith("2030-01-01T00:00:00")
    read = np.array([getattr(state, name) for name in ("x", "y", "z", "x_dot", "y_dot", "z_dot")])
    assert np.allclose(read * 1e3, [*R[:, 0], *V[:, 0]], rtol=3e-16, atol=0.0)
    covariance = message.segment.data.covariance_matrix
    assert covariance.cov_ref_frame == "RTN"
    assert covariance.cz_dot_y * 1e6 == pytest.approx(COVARIANCE[5, 1, 0], rel=1e-14)
    craft = message.segment.data.spacecraft_parameters
    assert (craft.mass, craft.solar_rad_area, craft.solar_rad_coeff) == (1000.0, 317.0, 1.2)
    assert len(message.segment.data.maneuver_parameters) == 2
    assert "MAN_DV_2 = -2.0000000000000000e-03" in path.read_text()


def test_a_short_ephemeris_lowers_the_degree(tmp_path: Path) -> None:
    one = {"t_tdb_s": TIMES[:1], "r_m": R[:, :1], "v_m_s": V[:, :1]}
    path = write_oem(path=tmp_path / "a.oem", **one, **ABOUT)
    assert "INTERPOLATION_DEGREE = 1\n" in path.read_text()


def test_a_screening_file_turns_the_covariance(tmp_path: Path) -> None:
    r = np.array([[0.0], [2e6], [0.0]])
    v = np.array([[-1500.0], [100.0], [0.0]])
    matrix = np.diag([1.0, 4.0, 9.0, 16e-6, 25e-6, 36e-6])[..., None]
    path = write_screening(
        path=tmp_path / "a.oem",
        t_tdb_s=TIMES[:1],
        r_m=r,
        v_m_s=v,
        covariance_si=matrix,
        hard_body_radius_m=30.0,
        maneuverable=False,
        **ABOUT,
    )
    (read,) = OrbitEphemerisMessage.open(path).covariances
    assert read.frame == "RTN"
    assert np.allclose(read.matrix.diagonal() * 1e6, [4.0, 1.0, 9.0, 25e-6, 16e-6, 36e-6])
    assert "COMMENT HARD_BODY_RADIUS_M 30\nCOMMENT MANEUVERABLE NO" in path.read_text()
    with pytest.raises(ExportError, match="hard_body_radius_m"):
        write_screening(
            path=path,
            t_tdb_s=TIMES[:1],
            r_m=r,
            v_m_s=v,
            covariance_si=matrix,
            hard_body_radius_m=0.0,
            maneuverable=False,
            **ABOUT,
        )


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("t_tdb_s", {"t_tdb_s": TIMES[::-1]}),
        ("t_tdb_s", {"t_tdb_s": TIMES[0] + np.arange(4) * 1e-7}),
        ("t_tdb_s", {"t_tdb_s": np.array([0.0, 1.0, 2.0, np.inf])}),
        ("r_m", {"r_m": R.T}),
        ("v_m_s", {"v_m_s": V[:, :2]}),
        ("values", {"r_m": np.where(R > 0.0, np.nan, R)}),
        ("object_name", {"object_name": ""}),
        ("object_id", {"object_id": "two\nlines"}),
        ("ref_frame", {"ref_frame": "ÎCRF"}),
        ("covariance_si", {"covariance_si": COVARIANCE[..., :2]}),
        ("covariance_si", {"covariance_si": -COVARIANCE}),
        ("covariance_si", {"covariance_si": np.triu(np.ones((6, 6)))[..., None] + 0 * COVARIANCE}),
        ("created", {"created": datetime(2024, 1, 1)}),
    ],
)
def test_what_cannot_be_written_is_named(
    tmp_path: Path, path: str, change: dict[str, object]
) -> None:
    with pytest.raises(ExportError) as error:
        write_oem(**({"path": tmp_path / "a.oem"} | STATES | ABOUT | change))
    assert error.value.path == path
    assert not (tmp_path / "a.oem").exists()


def test_a_missing_folder_is_an_export_error(tmp_path: Path) -> None:
    with pytest.raises(ExportError):
        write_oem(path=tmp_path / "no" / "a.oem", **STATES, **ABOUT)


def test_burns_need_a_mass(tmp_path: Path) -> None:
    burn = Burn(
        t_tdb_s=0.0, duration_s=0.0, delta_mass_kg=0.0, delta_v_m_s=np.ones(3), ref_frame="RTN"
    )
    with pytest.raises(ExportError, match="mass_kg"):
        write_opm(
            path=tmp_path / "a.opm",
            t_tdb_s=0.0,
            r_m=R[:, 0],
            v_m_s=V[:, 0],
            burns=[burn],
            **ABOUT,
        )


def test_czml_holds_every_point_and_spans_the_clock(tmp_path: Path) -> None:
    tracks = [
        Track(name="early", t_s=np.array([0.0, 60.0]), r_earth_m=R[:, :2]),
        Track(name="late", t_s=np.array([30.0, 90.5, 7200.0]), r_earth_m=R[:, 1:]),
    ]
    path = write_czml(
        path=tmp_path / "a.czml",
        epoch_utc="2030-01-01T01:00:00+01:00",
        tracks=tracks,
        ephemeris="DE440",
        gravity_field="degree 10",
    )
    document, early, late = json.loads(path.read_text())
    assert document["clock"]["interval"] == "2030-01-01T00:00:00.000Z/2030-01-01T02:00:00.000Z"
    assert early["availability"].endswith("/2030-01-01T00:01:00.000Z")
    assert early["position"]["interpolationDegree"] == 1
    table = np.reshape(late["position"]["cartesian"], (-1, 4))
    assert (table[:, 0] == tracks[1].t_s).all()
    assert (R[:, 1:] == table[:, 1:].T).all()
    assert early["id"] != late["id"]


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("epoch_utc", {"epoch_utc": "yesterday"}),
        ("epoch_utc", {"epoch_utc": "2030-01-01T00:00:00"}),
        ("tracks", {"tracks": []}),
        ("A", {"tracks": [Track(name="A", t_s=np.zeros(2), r_earth_m=R[:, :2])]}),
        ("A", {"tracks": [Track(name="A", t_s=np.arange(3.0), r_earth_m=R)]}),
    ],
)
def test_a_bad_czml_is_named(tmp_path: Path, path: str, change: dict[str, object]) -> None:
    good = {"tracks": [Track(name="B", t_s=np.arange(4.0), r_earth_m=R)]}
    given = {"epoch_utc": "2030-01-01T00:00:00Z", "ephemeris": "DE440", "gravity_field": "none"}
    with pytest.raises(ExportError) as error:
        write_czml(**({"path": tmp_path / "a.czml"} | given | good | change))
    assert error.value.path == path


def test_state_tables_keep_objects_apart(tmp_path: Path) -> None:
    r, v = np.stack([R, 2 * R], axis=-1), np.stack([V, 3 * V], axis=-1)
    about = {key: ABOUT[key] for key in ("center_name", "ref_frame", "ephemeris", "gravity_field")}
    path = write_states(
        path=tmp_path / "a.parquet",
        t_tdb_s=TIMES,
        r_m=r,
        v_m_s=v,
        object_names=["one", "two"],
        **about,
    )
    table = pq.read_table(path)
    assert table.column("object").to_pylist() == ["one"] * 4 + ["two"] * 4
    assert table.column("t_tdb_s").to_pylist() == [*TIMES, *TIMES]
    assert table.column("y_m").to_pylist() == [*R[1], *(2 * R[1])]
    assert table.column("vz_m_s").to_pylist() == [*V[2], *(3 * V[2])]
    assert table.schema.metadata[b"center_name"] == b"MOON"
    assert table.schema.metadata[b"time_system"] == b"TDB"
    with pytest.raises(ExportError, match="r_m"):
        write_states(path=path, t_tdb_s=TIMES, r_m=r, v_m_s=v, object_names=["one"], **about)


def test_element_tables_keep_their_types(tmp_path: Path) -> None:
    rows = np.zeros(3, dtype=[("a_au", np.float32), ("status", np.uint8)])
    rows["a_au"] = [1.0, 1.1, 1.2]
    path = write_elements(path=tmp_path / "e.parquet", elements=rows, facts={"frame": "ecliptic"})
    table = pq.read_table(path)
    assert [str(field.type) for field in table.schema] == ["float", "uint8"]
    assert np.array(table.column("a_au")) == pytest.approx(rows["a_au"])
    assert table.schema.metadata == {b"frame": b"ecliptic"}
    with pytest.raises(ExportError, match="elements"):
        write_elements(path=path, elements=np.zeros(3), facts={})
