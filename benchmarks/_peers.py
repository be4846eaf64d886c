"""The same question as somebody would write it by hand who knows these rules and this register: one statement each.

A call by a person, for marketing on legitimate interests. The conditions are written out; the bits they set are put in
from the compiled rules, so that masks can be compared. Facts that can't be unknown here are not asked twice.
"""

from collections.abc import Mapping

from trustdesk.clearance.api import SetQuestion

_MASK = """
  CASE WHEN country NOT IN ('AT', 'DE', 'FI', 'HU', 'PL') THEN {NO_RULE_COUNTRY:no}
    WHEN country IS NULL OR audience IS NULL THEN {NO_RULE_COUNTRY:unknown} ELSE 0 END
  + CASE WHEN point_country NOT IN ('AT', 'DE', 'FI', 'HU', 'PL') THEN {NO_RULE_POINT_COUNTRY:no}
    WHEN point_country IS NULL OR audience IS NULL THEN {NO_RULE_POINT_COUNTRY:unknown} ELSE 0 END
  + CASE WHEN erased THEN {EU_GDPR_17:no} ELSE 0 END
  + CASE WHEN restricted AND consent <> 'given' THEN {EU_GDPR_18:no} ELSE 0 END
  + CASE WHEN objected THEN {EU_GDPR_21_2:no} + {EU_EPD_13_3:no} ELSE {EU_GDPR_21_2:yes} + {EU_EPD_13_3:yes} END
  + CASE WHEN suppressed THEN {EU_SUPPRESSION:no} ELSE 0 END
  + {EU_GDPR_6_1_F:yes}
  + CASE WHEN consent IN ('withdrawn', 'refused') THEN {EU_GDPR_7_3:no} ELSE 0 END
  + CASE WHEN audience = 'consumer' AND consent = 'given' AND of_age IS NOT TRUE
    THEN CASE WHEN of_age IS NULL THEN {EU_GDPR_8_1:unknown} ELSE {EU_GDPR_8_1:no} END ELSE 0 END
  + CASE WHEN country = 'AT' OR point_country = 'AT'
    THEN CASE WHEN consent = 'given' THEN {AT_TKG_174_1:yes} ELSE {AT_TKG_174_1:no} END ELSE 0 END
  + CASE WHEN country = 'PL' OR point_country = 'PL'
    THEN CASE WHEN consent = 'given' THEN {PL_PKE_398_1:yes} ELSE {PL_PKE_398_1:no} END ELSE 0 END
  + CASE WHEN country = 'DE' OR point_country = 'DE' THEN CASE
      WHEN audience = 'consumer' THEN
        CASE WHEN consent = 'given' AND express THEN {DE_UWG_7_2_1_CONSUMER:yes} ELSE {DE_UWG_7_2_1_CONSUMER:no} END
      WHEN audience IS NOT NULL THEN
        CASE WHEN consent IN ('given', 'presumed') THEN {DE_UWG_7_2_1_BUSINESS:yes} ELSE {DE_UWG_7_2_1_BUSINESS:no} END
      ELSE 0 END ELSE 0 END
  + CASE WHEN country = 'FI' OR point_country = 'FI' THEN CASE
      WHEN audience = 'consumer' THEN
        CASE WHEN objected THEN {FI_SVPL_200_2:no} ELSE {FI_SVPL_200_2:yes} END
        + CASE WHEN bought OR asked THEN 0 ELSE {FI_SVPL_201:unknown} END
      WHEN audience IS NOT NULL THEN
        CASE WHEN objected THEN {FI_SVPL_202_CALL:no} ELSE {FI_SVPL_202_CALL:yes} END
      ELSE 0 END ELSE 0 END
  + CASE WHEN country = 'HU' OR point_country = 'HU' THEN CASE
      WHEN audience = 'consumer' THEN
        CASE WHEN objected THEN {HU_EHT_162_2_CONSUMER:no} ELSE {HU_EHT_162_2_CONSUMER:yes} END
      WHEN audience IS NOT NULL THEN
        CASE WHEN objected THEN {HU_EHT_162_2_BUSINESS:no} ELSE {HU_EHT_162_2_BUSINESS:yes} END
      ELSE 0 END ELSE 0 END
"""
_FACTS = """
WITH merged AS (
  SELECT id, merged_into, restricted_at, customer_since, last_sale_date FROM {customers} AS everyone
  WHERE merged_into IS NOT NULL
), member AS (
  SELECT merged_into AS person, bool_or(restricted_at IS NOT NULL) AS restricted,
    bool_or(customer_since IS NOT NULL OR last_sale_date IS NOT NULL) AS bought
  FROM merged GROUP BY merged_into
), event AS {materialized} (
  SELECT coalesce(m.merged_into, e.customer_id) AS person, e.state, e.strictness, e."at", e.until, e.express, e.of_age,
    e.state = 'given' AND e.by IN ('person', 'guardian') AND e.method <> 'import' AS own
  FROM {events} e LEFT JOIN merged m ON m.id = e.customer_id
  WHERE e.purpose_id = {purpose} AND (e."at" <= {at} OR e."at" <= e.recorded_at)
    AND (e.channel = 'call_human' OR e.channel = '' AND e.state IN ('refused', 'withdrawn', 'expired'))
), said AS (
  {said}
), spoken AS (
  SELECT person, max("at") FILTER (WHERE own) AS own_at,
    max("at") FILTER (WHERE state = 'presumed' AND (until IS NULL OR until > {at})) AS presumed_at,
    bool_or(state = 'requested') AS requested
  FROM event WHERE own OR state IN ('presumed', 'requested') GROUP BY person
), objection AS (
  SELECT coalesce(m.merged_into, o.customer_id) AS person, max(o."at") FILTER (WHERE act = 'objected') AS objected_at,
    max(o."at") FILTER (WHERE act = 'lifted') AS lifted_at
  FROM {objections} o LEFT JOIN merged m ON m.id = o.customer_id
  WHERE (o.purpose_id IS NULL OR o.purpose_id = {purpose}) AND o.purpose_kind IN ('', 'marketing')
    AND o.channel IN ('', 'call_human') AND (o."at" <= {at} OR o."at" <= o.recorded_at)
  GROUP BY 1
), suppression AS (
  SELECT token, max("at") FILTER (WHERE act = 'suppressed') AS suppressed_at,
    max("at") FILTER (WHERE act = 'lifted') AS lifted_at
  FROM {suppressions} AS acts
  WHERE (purpose_id IS NULL OR purpose_id = {purpose}) AND purpose_kind IN ('', 'marketing')
    AND channel IN ('', 'call_human') AND ("at" <= {at} OR "at" <= recorded_at)
  GROUP BY token
), collected AS (
  SELECT coalesce(m.merged_into, c.customer_id) AS person, c.value_id, c."at",
    c.asked AND (c.asked_until IS NULL OR c.asked_until > {at}) AS asked
  FROM {collections} c LEFT JOIN merged m ON m.id = c.customer_id WHERE c.asked IS NOT NULL AND c."at" <= {at}
), asked_of_value AS (
  {asked_of_value}
), asked_of_person AS (
  {asked_of_person}
), cell AS (
  SELECT r.row_number, r.token, coalesce(p.value_id, 0) AS value_id, coalesce(p.country, r.country) AS point_country,
    coalesce(m.merged_into, p.customer_id, 0) AS person
  FROM {rows} r LEFT JOIN {points} p ON p.token = r.token AND p.kind = 'phone'
  LEFT JOIN merged m ON m.id = p.customer_id
  WHERE r.kind = 'phone' AND r.token IS NOT NULL
), fact AS (
  SELECT cell.row_number, cell.value_id, cell.person, nullif(c.country, '') AS country, cell.point_country,
    CASE c.kind WHEN 'person' THEN 'consumer' ELSE c.kind END AS audience,
    cell.person <> 0 AND c.id IS NULL AS erased,
    coalesce(c.restricted_at IS NOT NULL OR member.restricted, false) OR v.id IS NOT NULL AS restricted,
    coalesce(c.customer_since IS NOT NULL OR c.last_sale_date IS NOT NULL OR member.bought, false) AS bought,
    CASE WHEN said.state IN ('refused', 'withdrawn') THEN said.state
      WHEN said.state = 'given' AND (said.until IS NULL OR said.until > {at}) THEN 'given'
      WHEN spoken.presumed_at IS NOT NULL AND (said.state IS NULL
        OR spoken.presumed_at > CASE WHEN said.state = 'given' THEN said.until ELSE said."at" END) THEN 'presumed'
      WHEN said.state IS NOT NULL THEN 'expired'
      WHEN spoken.requested THEN 'requested' ELSE 'none' END AS consent,
    coalesce(said.express, false) AS express, said.of_age,
    coalesce(objection.objected_at >= greatest(objection.lifted_at, spoken.own_at, objection.objected_at), false)
      AS objected,
    coalesce(s.suppressed_at >= greatest(s.lifted_at, spoken.own_at, s.suppressed_at), false) AS suppressed,
    coalesce(CASE WHEN av."at" IS NULL OR ap."at" > av."at" THEN ap.asked ELSE av.asked END, false) AS asked
  FROM cell
  LEFT JOIN {customers} c ON c.id = cell.person
  LEFT JOIN member ON member.person = cell.person
  LEFT JOIN {restricted} v ON v.id = cell.value_id
  LEFT JOIN said ON said.person = cell.person
  LEFT JOIN spoken ON spoken.person = cell.person
  LEFT JOIN objection ON objection.person = cell.person
  LEFT JOIN suppression s ON s.token = cell.token
  LEFT JOIN asked_of_value av ON av.value_id = cell.value_id
  LEFT JOIN asked_of_person ap ON ap.person = cell.person
)
SELECT row_number, value_id, person AS customer_id, {mask} AS mask FROM fact
"""
_ACTED = "state IN ('given', 'refused', 'withdrawn', 'expired')"


class _Code(str):
    """A rule's three codes, as `{RULE:yes}`, `{RULE:no}` and `{RULE:unknown}`."""

    __slots__ = ("codes",)
    codes: Mapping[str, int]

    def __format__(self, spec: str) -> str:
        return str(self.codes[spec])


def _mask(question: SetQuestion) -> str:
    codes = {}
    for clause in question.program.clauses:
        code = _Code(clause.rule_id)
        code.codes = {"yes": clause.when_true, "no": clause.when_false, "unknown": clause.when_unknown}
        codes[clause.rule_id.replace("-", "_")] = code
    written = set(codes) - {"EU_GDPR_7_1_TIME"}  # a consent that has ended is none in these facts
    assert all(f"{{{name}:" in _MASK for name in written), written
    return "(" + _MASK.format(**codes) + ")"


def _instant(question: SetQuestion) -> str:
    return f"TIMESTAMPTZ '{question.program.question.at.isoformat()}'"


def postgresql(question: SetQuestion, controller_id: int, list_id: int) -> str:
    """For the superuser, whom no policy holds up: the company is named at each table, as it would be without them."""

    def table(name: str, more: str = "") -> str:
        return f"(SELECT * FROM {name} WHERE controller_id = {controller_id}{more})"

    newest = "ORDER BY {0}, at DESC"
    return _FACTS.format(
        customers=table("register_customer"),
        events=table("clearance_consent_event"),
        objections=table("clearance_objection"),
        suppressions=table("clearance_suppression"),
        collections=table("clearance_collection"),
        rows=table("screening_row", f" AND list_id = {list_id}"),
        points=table("clearance_point"),
        restricted=table("register_value", " AND restricted_at IS NOT NULL"),
        materialized="MATERIALIZED",
        said=f"SELECT DISTINCT ON (person) person, state, at, until, express, of_age FROM event WHERE {_ACTED}"
        " ORDER BY person, at DESC, strictness DESC, until NULLS LAST, express",
        asked_of_value="SELECT DISTINCT ON (value_id) value_id, at, asked FROM collected WHERE value_id IS NOT NULL "
        + newest.format("value_id"),
        asked_of_person="SELECT DISTINCT ON (person) person, at, asked FROM collected WHERE value_id IS NULL "
        + newest.format("person"),
        purpose=question.purpose.purpose_id,
        at=_instant(question),
        mask=_mask(question),
    )


def duckdb(question: SetQuestion, folder: str) -> str:
    """Over the files of a snapshot."""

    def table(name: str) -> str:
        return f"read_parquet('{folder}/{name}.parquet')"

    word = 'struct_pack(state := state, said_at := "at", until := until, express := express, of_age := of_age)'
    return _FACTS.format(
        customers=table("customers"),
        events=table("events"),
        objections=table("objections"),
        suppressions=table("suppressions"),
        collections=table("collections"),
        rows=table("rows"),
        points=table("points"),
        restricted=table("restricted"),
        materialized="",
        said='SELECT person, word.state, word.said_at AS "at", word.until, word.express, word.of_age'
        f' FROM (SELECT person, arg_max({word}, "at") AS word FROM event WHERE {_ACTED} GROUP BY person)',
        asked_of_value='SELECT value_id, max("at") AS "at", arg_max(asked, "at") AS asked FROM collected'
        " WHERE value_id IS NOT NULL GROUP BY value_id",
        asked_of_person='SELECT person, max("at") AS "at", arg_max(asked, "at") AS asked FROM collected'
        " WHERE value_id IS NULL GROUP BY person",
        purpose=question.purpose.purpose_id,
        at=_instant(question),
        mask=_mask(question),
    )
