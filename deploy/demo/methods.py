"""Which of the built-in methodologies the demo publishes, and what stands under every edition of it."""

SCHOOLS, COLLEGES, KELESHEK, DIRECTIONS = (
    "schools-public",
    "colleges-public",
    "keleshek-readiness",
    "regional-nine-directions",
)
NOTE = {
    "kk": "Көрсетілім: барлық мектеп, колледж және көрсеткіш ойдан шығарылған.",
    "ru": "Демонстрация: все школы, колледжи и показатели вымышлены.",
    "en": "Demonstration: every school, college and figure is made up.",
}
"""Stands under every edition of the demo."""
NO_APPEALS = {
    "kk": "Көрсетілім: ұйымдар ойдан шығарылған, сондықтан алдын ала көру мен он жұмыс күні өткізілген жоқ.",
    "ru": "Демонстрация: организации вымышлены, поэтому предпросмотра и десяти рабочих дней не было.",
    "en": "Demonstration: the organisations are made up, so there was no preview and no window of ten working days.",
}
"""Why an edition does not wait for appeals, where its methodology promises them."""
