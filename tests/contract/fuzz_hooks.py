"""What the fuzzer has to know of the house: what only we can have made, it cannot make up."""

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import schemathesis
from schemathesis.openapi.checks import RejectedPositiveData

_RULES = """
    area_parent_unknown area_unknown certificate_exists column_missing educator_exists educator_unknown
    enrolment_unknown indicator_unknown organisation_unknown parent_unknown successor_unknown
    organisation_created_in_error organisation_merged
    age_band_reversed hours_do_not_add_up issued_in_future issued_too_early period_reversed plausible_range_reversed
    validity_reversed
    demo_is_no_bin identifier_malformed identifier_needed iin_invalid iin_not_accepted kind_not_of_type
    name_needs_kk_or_ru organisation_types_missing organisation_types_of_area period_empty place_malformed
    point_needed row_repeated scheme_repeated source_reserved
    file_empty file_too_large body_too_large mapping_invalid
    indicator_of_areas observation_repeated organisation_type_unexpected period_unknown period_unsuitable
    value_implausible
    indicator_level_changed indicator_neutral indicator_repeated methodology_refused organisation_type_not_one
    rating_impossible reference_missing sensitivity_unavailable simulation_too_large snapshot_empty table_refused
    best_light_undefined
    title_incomplete uncertainty_not_declared value_below_zero indicator_not_in_run not_freezable finding_unknown
    attestation_of_schools attestation_period_needed attestation_table_malformed criterion_unknown measure_misplaced
    unit_repeated wrong_length
    corrections_do_not_fit indicator_needed indicator_not_of_methodology indicator_twice note_needed waiver_pointless
    approval_needed bounds_missing bounds_reversed duplicate_decided finding_not_acknowledged finding_not_open
    indicator_or_pillar indicators_missing lock_exists lock_reopened n_of_correction observation_step_refused
    observation_superseded observations_refused own_report period_locked pillar_unknown reason_needed rule_has_ended
    value_of_correction
    coordinator_and_area mentor_needed mentor_not_expected network_unknown patch_refused rule_incomplete
    rule_word_unknown term_unknown
    academic_year_exists academic_year_not_later academic_year_unknown already_rolled_over authoritative_exists
    baseline_incomplete before_first_day direction_item_not_found directive_full each_at_least_missing
    field_required indicator_not_of_target item_code_taken item_repeated item_step_refused
    organisation_not_of_target parent_does_not_hold range_reversed school_year_unknown
    supersedes_another_subject target_invalid target_no_longer_stands target_range_incomplete target_unknown
    target_value_fixed target_value_missing targets_in_circle
    ages_reversed club_provider_unknown counts_refused delegation_of_one_body field_not_accepted fewer_than_there
    items_limit link_host_not_listed month_outside_year month_to_come more_vouchers_than_children owner_needed
    parent_not_programme place_needed plan_item_unknown project_unknown projects_in_circle reason_needed
    return_before_departure session_reversed stakeholder_is_one_body
    organisation_not_expected precondition_required
    reference_taken reference_repeated stage_jump evidence_missing change_reason_needed stage_before_last in_future
    before_project shares_do_not_add_up funding_source_repeated party_identifier_incomplete plan_contradicts_itself
    not_commissioned school_needed school_unknown school_has_project fact_not_holding construction_project_invalid
    facility_standard_unknown facility_standard_unchanged capacity_steps_disordered room_kind_repeated
    area_range_reversed facility_organisation_unknown closed_before_opened standard_needed selection_twice
    typical_needed
    capacity_upside_down criteria_or_list organisations_unknown selection_not_found words_needed
    parties_too_few bin_needed bin_misplaced country_needed party_unknown party_repeated end_before_start
    renewal_incomplete until_needed title_needs_kk_or_ru day_ahead clause_repeated document_too_large
    document_empty document_type_refused obligor_unknown owes_itself measure_unclear tolerance_reversed
    steps_unfitting value_unfitting override_too_long document_unknown range_too_long
    reason_unknown reason_not_later reason_ended after_cut_off substitution_closed same_educator not_a_colleague
    not_next_approver member_elsewhere team_not_found application_needed
    column_needed list_unreadable list_too_long
    contract_overlaps contract_period_reversed contract_programme_unknown selection_too_narrow
    organisation_invalid organisation_named_unknown successor_among_predecessors split_needs_two heir_unknown
    code_malformed badge_invalid minutes_needed minutes_unsuitable person_repeated period_too_long
    code_of_another_session code_expired code_not_yet_valid scan_too_early scan_too_late nonce_replayed not_enrolled
    seat_at_another_venue session_cancelled session_not_begun session_not_over upload_too_late
    attendance_step_not_allowed calendar_subscriptions_full comment_looks_personal
    pool_key_unfitting consent_needed name_needed venue_needed release_in_the_past hold_needs_deadline
    document_withdrawn effective_in_future effective_too_early holder_hidden
    mentor_unknown mentor_is_learner rubric_unknown programme_code_unknown visit_before_course visit_to_come
    scores_do_not_fit looks_personal criterion_missing criterion_unknown level_unknown must_stay_in_plan
    levels_disordered criterion_repeated visits_disordered evidence_nowhere scale_incomplete scale_needed
    item_code_repeated questionnaire_unknown answers_do_not_fit answer_missing question_unknown point_unknown
    measured_unknown measure_to_come measure_exists impact_programme_unknown impact_indicator_unknown
    instrument_or_indicator periods_missing
    basis_missing reviewer_is_proposer not_eligible task_code_needed task_code_unexpected nothing_assessed
    points_beyond assessed_in_future assessed_too_early evaluator_needed evaluator_unknown
    survey_item_unfitting scored_item_needed survey_times_reversed frame_or_registry frame_refused strata_uneven
    stratum_too_small stratum_unknown population_too_large frame_empty organisation_repeated organisation_outside_frame
    form_expired answer_unknown source_refused
    same_organisation not_comparable runs_of_different_types what_if_refused what_if_contradictory
    cohorts_of_several_providers named_twice nobody_applies question_too_large too_many_apply
"""
"""What no type can say, by the codes of the refusals: that something named exists, is still there, that two values go
together, that digits check, that a file can be read, that a tree can be computed."""

_KEY = re.compile(r'^("[\x21\x23-\x7e][\x20\x21\x23-\x7e]{0,252}"|[\x21\x23-\x7e][\x20-\x7e]{0,254})$')
_CURSOR = re.compile(r"^[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]+$")
_TAGS = re.compile(r'^(\*|(W/)?"[^"]*"(, ?(W/)?"[^"]*")*)$')
_UUID = re.compile(r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")
_KATO = re.compile(r"^[1-7][0-9]{8}$")
_CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}$")
_LIKE: dict[str, re.Pattern[str]] = {
    "number": re.compile(r"^(?![0-9.]+$)[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}$"),  # of a certificate, not of a clause
    "digest": re.compile(r"^sha256:[0-9a-f]{64}$"),
    "area": _KATO,
    "code": _KATO,
    "period": re.compile(r"^\d{4}-\d{4}$"),
    "academic_year": re.compile(r"^\d{4}-\d{4}$"),
    "indicators": re.compile(r"^[A-Z]"),
    "indicator": re.compile(r"^[A-Z]"),
}
"""What a sound value looks like, if not like an identifier."""
_KNOWN: dict[str, list[str]] = json.loads(Path(os.environ["BILIM_FUZZ_WORLD"]).read_text())
_SERVERS_OWN = b"Invalid HTTP request received."
_STRANGERS = 4
"""One in so many keeps a name that does not exist."""
_LONGEST_WAIT = 30


@schemathesis.hook
def map_case(context: Any, case: Any) -> Any:
    """What was made up becomes what fits."""
    _fit(case)
    return case


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """The document's own examples pass no other hook."""
    if case.meta is not None and case.meta.phase.name == "examples":
        _fit(case)


def _fit(case: Any) -> None:
    """Keys, tags, cursors and names that fit.

    A fresh key for each request: the fuzzer repeats values, and a repeated key with another body is refused. Any tag
    for the present one: one made up is old. No cursor for a well-formed one: one made up is forged. No waiting for
    news. And mostly what exists for what is only well-formed.
    """
    if case.headers and _fits(_KEY, case.headers.get("Idempotency-Key")):
        case.headers["Idempotency-Key"] = f"fuzz-{uuid4()}"
    if case.headers and "If-Match" in case.headers and (_fits(_TAGS, case.headers["If-Match"]) or _means_well(case)):
        case.headers["If-Match"] = "*"
    if case.query and _fits(_CURSOR, case.query.get("cursor")):
        del case.query["cursor"]
    if case.query and str(case.query.get("wait", "")).isdecimal() and int(case.query["wait"]) <= _LONGEST_WAIT:
        case.query["wait"] = 0
    for values in (case.path_parameters, case.query, case.body):
        _acquaint(values)


def _means_well(case: Any) -> bool:
    """Whether the request is meant to be accepted: a tag that fits no pattern is then the fuzzer's own slip."""
    return case.meta is not None and bool(case.meta.generation.mode.is_positive)


def _fits(form: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and form.match(value) is not None


def _acquaint(values: Any) -> None:
    """Put what exists where something well-formed stands; what is ill-formed on purpose is left as it is."""
    if isinstance(values, list):
        for value in values:
            _acquaint(value)
    if not isinstance(values, dict):
        return
    for name, value in values.items():
        known = _KNOWN.get(name)
        if known and _fits(_LIKE.get(name, _UUID), value):
            drawn = int.from_bytes(hashlib.sha256(f"{name}={value}".encode()).digest()[:4], "big")
            if drawn % _STRANGERS:
                values[name] = known[drawn % len(known)]
        else:
            _acquaint(value)


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """A request that fits the document may still break a rule; it has to be one of those named here, and no other.

    And bytes that are no HTTP, such as an address of 64 KiB, are answered by the server: no application sees them.
    """
    if response.content == _SERVERS_OWN:
        return False
    if not isinstance(failure, RejectedPositiveData):
        return True
    problem = response.json()
    rules = set(_RULES.split())
    inner = {error["code"] for error in problem["errors"]} or {problem["code"]}
    return problem["code"] not in rules and not inner <= rules
