"""What a list's header says, before anything is decided."""

from trustdesk.batch.api import kind_of, open_table
from trustdesk.batch.contracts import ListFile, Reading
from trustdesk.intake.contracts import Preview
from trustdesk.intake.services.rows import fold

# Names of columns as lists in our countries have them.
_PLAIN = {
    "name": "name, full name, nimi, koko nimi, név, teljes név, nazwa, imię i nazwisko, vollständiger Name",
    "given_name": "given name, first name, forename, etunimi, keresztnév, utónév, imię, Vorname",
    "family_name": "family name, last name, surname, sukunimi, vezetéknév, családi név, családnév, nazwisko, Nachname"
    ", Familienname",
    "company_name": "company, company name, yritys, cég, cégnév, firma, Unternehmen",
    "phone": "phone, phone number, telephone, mobile, puhelin, puhelinnumero, matkapuhelin, telefon, telefonszám, mobil"
    ", numer telefonu",
    "email": "email, e-mail, mail, sähköposti, e-mail cím, adres e-mail",
    "address": "address, street address, osoite, katuosoite, cím, lakcím, adres, Anschrift, Adresse",
    "town": "town, city, kunta, kaupunki, paikkakunta, város, település, miasto, miejscowość, Ort, Stadt",
    "region": "region, state, county, maakunta, megye, województwo, Bundesland",
    "birth_date": "birth date, date of birth, born, syntymäaika, születési dátum, születési idő, data urodzenia"
    ", Geburtsdatum",
    "customer_number": "customer number, customer id, customer no, asiakasnumero, ügyfélszám, ügyfélazonosító"
    ", numer klienta, Kundennummer",
    "remark": "remark, note, notes, huomautus, megjegyzés, uwagi, Bemerkung",
}
_BY_NAME = {fold(name): code for code, names in _PLAIN.items() for name in names.split(",")}


def preview(path: ListFile, *, reading: Reading) -> Preview:
    """The columns of a list and a proposal for each; reads the header only and keeps nothing.

    Raises UnreadableFileError as `batch.api.open_table` does.
    """
    with open_table(path, reading) as table:
        columns = table.columns
    return Preview(
        kind=kind_of(path, reading.kind),
        size=path.stat().st_size,
        columns=columns,
        proposed={column: _BY_NAME.get(fold(column), "") for column in columns},
    )
