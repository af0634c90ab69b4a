"""The mass driver, from a closed form to a launch coil by coil, its dispersion and its plant."""

from moonbase.driver.availability import section_availability
from moonbase.driver.bank import Conductor, Stage
from moonbase.driver.budget import (
    COMMODITIES,
    IMPORTED,
    PARTS,
    SHARES,
    DriverBudget,
    budget_driver,
)
from moonbase.driver.coils import (
    Coil,
    axial_force,
    coil_inductance,
    coil_mutual,
    coil_mutual_gradient,
    sheet_inductance,
)
from moonbase.driver.compare import LaunchSystem, compare_launchers, launch_systems
from moonbase.driver.design import (
    LIMITS,
    DriverDesign,
    broken_limits,
    design_driver,
    one_draw,
    replace_draws,
)
from moonbase.driver.dispersion import STATE, Dispersion, dispersion
from moonbase.driver.eddy import (
    ac_resistance_ratio,
    ladder_forces,
    sheet_drag_ratio,
    sheet_forces,
    skin_depth,
)
from moonbase.driver.fleet import SledFleet
from moonbase.driver.gates import DriveRun, SpeedLoop, TrimSection, simulate_drive
from moonbase.driver.guideway import (
    AlignmentSpectrum,
    Guideway,
    SineWave,
    alignment_spectrum,
    realise_alignment,
    wave_response,
)
from moonbase.driver.history import Launch
from moonbase.driver.kinematics import arm_acceleration, release_height, track_acceleration
from moonbase.driver.launch import Coilgun, simulate_launch
from moonbase.driver.levitation import levitation, magnetic_lift, simulate_levitation
from moonbase.driver.loops import mutual_inductance, mutual_inductance_gradient
from moonbase.driver.offaxis import (
    lateral_force,
    lateral_stiffness,
    mutual_inductance_off_axis,
    off_axis,
    tilt_torque,
)
from moonbase.driver.optimise import LineCost, Optimum, line_cost, optimise_driver
from moonbase.driver.plant import (
    CONTINUOUS_SUN,
    DAY_ONLY,
    STORED_NIGHT,
    Bank,
    Plant,
    operate_plant,
)
from moonbase.driver.quench import QuenchGun, design_quench_gun
from moonbase.driver.ride import Suspension, wave_passage
from moonbase.driver.sizing import (
    DriverSize,
    DriverSupply,
    optimal_acceleration,
    radiator_flux,
    size_driver,
    size_supply,
)
from moonbase.driver.sled import superconducting_coil
from moonbase.driver.specs import CoilSpec, DriveSpec, SledSpec, proportion
from moonbase.driver.speed_errors import (
    coil_noise_speed_error,
    dead_coil_speed_error,
    gate_speed_error,
    thrust_scale_speed_error,
    trim_authority,
    uncontrolled_speed_error,
)
from moonbase.driver.stage import simulate_gun, simulate_stage
from moonbase.driver.synchronous import Faults

__all__ = [
    "COMMODITIES",
    "CONTINUOUS_SUN",
    "DAY_ONLY",
    "IMPORTED",
    "LIMITS",
    "PARTS",
    "SHARES",
    "STATE",
    "STORED_NIGHT",
    "AlignmentSpectrum",
    "Bank",
    "Coil",
    "CoilSpec",
    "Coilgun",
    "Conductor",
    "Dispersion",
    "DriveRun",
    "DriveSpec",
    "DriverBudget",
    "DriverDesign",
    "DriverSize",
    "DriverSupply",
    "Faults",
    "Guideway",
    "Launch",
    "LaunchSystem",
    "LineCost",
    "Optimum",
    "Plant",
    "QuenchGun",
    "SineWave",
    "SledFleet",
    "SledSpec",
    "SpeedLoop",
    "Stage",
    "Suspension",
    "TrimSection",
    "ac_resistance_ratio",
    "alignment_spectrum",
    "arm_acceleration",
    "axial_force",
    "broken_limits",
    "budget_driver",
    "coil_inductance",
    "coil_mutual",
    "coil_mutual_gradient",
    "coil_noise_speed_error",
    "compare_launchers",
    "dead_coil_speed_error",
    "design_driver",
    "design_quench_gun",
    "dispersion",
    "gate_speed_error",
    "ladder_forces",
    "lateral_force",
    "lateral_stiffness",
    "launch_systems",
    "levitation",
    "line_cost",
    "magnetic_lift",
    "mutual_inductance",
    "mutual_inductance_gradient",
    "mutual_inductance_off_axis",
    "off_axis",
    "one_draw",
    "operate_plant",
    "optimal_acceleration",
    "optimise_driver",
    "proportion",
    "radiator_flux",
    "realise_alignment",
    "release_height",
    "replace_draws",
    "section_availability",
    "sheet_drag_ratio",
    "sheet_forces",
    "sheet_inductance",
    "simulate_drive",
    "simulate_gun",
    "simulate_launch",
    "simulate_levitation",
    "simulate_stage",
    "size_driver",
    "size_supply",
    "skin_depth",
    "superconducting_coil",
    "thrust_scale_speed_error",
    "tilt_torque",
    "track_acceleration",
    "trim_authority",
    "uncontrolled_speed_error",
    "wave_passage",
    "wave_response",
]
