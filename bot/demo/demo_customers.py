"""Who are the demo's customers? Invented people, all with addresses under .example, which no one can own
(RFC 2606).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from bot.customers import Customer

DEMO_EMAIL_ENDING = ".example"
MAIL_HOSTS = ("mail.example", "post.example", "inbox.example")
HISTORY = timedelta(days=548)
YOUNGEST_ACCOUNT = timedelta(days=2)

# Country, its share of the shop's customers, given names, family names.
PEOPLE: tuple[tuple[str, int, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "DE",
        45,
        (
            "Lena",
            "Jonas",
            "Miriam",
            "Felix",
            "Greta",
            "Moritz",
            "Svenja",
            "Torben",
            "Ines",
            "Henrik",
            "Paula",
            "Karsten",
        ),
        (
            "Brandt",
            "Hofer",
            "Lindner",
            "Seifert",
            "Wolters",
            "Krause",
            "Tiedemann",
            "Albers",
            "Rieger",
            "Moll",
            "Dorn",
            "Petzold",
        ),
    ),
    (
        "AT",
        12,
        ("Theresa", "Lukas", "Valentin", "Magdalena", "Florian", "Rosa"),
        ("Gruber", "Steiner", "Pichler", "Aigner", "Moosbrugger", "Ebner"),
    ),
    (
        "NL",
        12,
        ("Sanne", "Bram", "Femke", "Joris", "Lotte", "Ruben"),
        ("Visser", "Dekker", "Kuipers", "Hoekstra", "Bosman", "Terpstra"),
    ),
    (
        "FR",
        10,
        ("Camille", "Antoine", "Manon", "Bastien", "Elodie", "Julien"),
        ("Moreau", "Lefort", "Garnier", "Rousset", "Delmas", "Chabert"),
    ),
    (
        "PL",
        8,
        ("Zofia", "Kacper", "Maja", "Tomasz", "Oliwia", "Marek"),
        ("Nowicki", "Zielak", "Wrona", "Sobol", "Kurek", "Malec"),
    ),
    (
        "SE",
        7,
        ("Astrid", "Nils", "Elsa", "Gustav", "Maja", "Oskar"),
        ("Lindqvist", "Sandell", "Ekblad", "Norberg", "Hedlund", "Wallin"),
    ),
    (
        "CH",
        6,
        ("Selina", "Reto", "Nora", "Beat", "Livia", "Urs"),
        ("Baumann", "Egli", "Frei", "Kunz", "Wyss", "Zumstein"),
    ),
)


def make_customers(count: int, today: datetime, random: Random) -> tuple[Customer, ...]:
    """Customers with ids from C00002 on, up to number `count`, with accounts up to 18 months old."""
    return tuple(_make_customer(number, today, random) for number in range(2, count + 1))


def _make_customer(number: int, today: datetime, random: Random) -> Customer:
    country, given, family = _draw_person(random)
    # The number keeps addresses apart where two have the same name.
    email = f"{given}.{family}{number}@{random.choice(MAIL_HOSTS)}".lower()
    created_at = today - max(YOUNGEST_ACCOUNT, HISTORY * random.betavariate(2, 1.2))
    has_agreed = random.random() < 0.7
    return Customer(f"C{number:05d}", email, f"{given} {family}", country, created_at, has_agreed)


def _draw_person(random: Random) -> tuple[str, str, str]:
    country, _, given, family = random.choices(PEOPLE, [share for _, share, _, _ in PEOPLE])[0]
    return country, random.choice(given), random.choice(family)
