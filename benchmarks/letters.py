"""Letters to a support desk in Russian, English and German, written from patterns with a seed.

Each problem is the same in the three languages. `{a|b}` is a choice. A letter is an opening, a sentence on the problem
and a sentence on circumstances, in any of the languages, with a typing error now and then.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

PROBLEMS: dict[str, dict[str, tuple[str, ...]]] = {
    "late": {
        "ru": (
            "посылка {задерживается|опаздывает} уже {пять|шесть|семь} дней",
            "доставка {опаздывает|сильно задерживается}, курьер не звонит",
            "заказ до сих пор не {доставили|привезли}",
        ),
        "en": (
            "the parcel is {late|delayed} by {five|six|seven} days",
            "my delivery is {very late|delayed} and the courier does not call",
            "the order has not been delivered {so far|until today}",
        ),
        "de": (
            "das Paket ist seit {fünf|sechs|sieben} Tagen {verspätet|überfällig}",
            "die Lieferung {verzögert sich|kommt zu spät}, der Kurier meldet sich nicht",
            "die Bestellung wurde bis heute nicht {geliefert|zugestellt}",
        ),
    },
    "declined": {
        "ru": (
            "оплата {картой|по карте} {отклонена|не проходит}",
            "банк отклоняет платёж {второй|третий} раз",
            "карту не принимает, платёж отклонён",
        ),
        "en": (
            "the card payment was {declined|rejected}",
            "my bank declines the payment for the {second|third} time",
            "my card is not accepted, payment declined",
        ),
        "de": (
            "die Zahlung mit Karte wurde {abgelehnt|zurückgewiesen}",
            "die Bank lehnt die Zahlung zum {zweiten|dritten} Mal ab",
            "meine Karte wird nicht akzeptiert, Zahlung abgelehnt",
        ),
    },
    "password": {
        "ru": (
            "не могу войти, {пароль|код} не подходит",
            "письмо для сброса пароля не приходит",
            "забыл пароль от {кабинета|аккаунта}, вход закрыт",
        ),
        "en": (
            "I cannot log in, the {password|code} is wrong",
            "the password reset letter does not arrive",
            "forgot the password of my {account|profile}, login blocked",
        ),
        "de": (
            "ich kann mich nicht anmelden, das {Passwort|Kennwort} ist falsch",
            "die Mail zum Zurücksetzen des Passworts kommt nicht an",
            "Passwort für mein {Konto|Profil} vergessen, Anmeldung gesperrt",
        ),
    },
    "refund": {
        "ru": (
            "деньги за возврат {не пришли|не вернули}",
            "когда вернёте деньги за {возвращённый|отменённый} товар",
            "возврат средств {обещали|оформили}, денег нет",
        ),
        "en": (
            "the refund has not {arrived|come}",
            "when do you pay back the money for the {returned|cancelled} item",
            "a refund was {promised|confirmed}, there is no money",
        ),
        "de": (
            "die Rückerstattung ist nicht {angekommen|da}",
            "wann erstatten Sie das Geld für die {zurückgeschickte|stornierte} Ware",
            "eine Erstattung wurde {versprochen|bestätigt}, das Geld fehlt",
        ),
    },
    "damaged": {
        "ru": (
            "коробка {порвана|помята}, товар {сломан|разбит}",
            "пришёл {сломанный|повреждённый} товар",
            "внутри осколки, упаковка {повреждена|вскрыта}",
        ),
        "en": (
            "the box is {torn|crushed}, the item is {broken|smashed}",
            "a {broken|damaged} item came",
            "there is broken glass inside, the packaging is {damaged|open}",
        ),
        "de": (
            "der Karton ist {zerrissen|eingedrückt}, der Artikel {kaputt|zerbrochen}",
            "es kam ein {kaputter|beschädigter} Artikel",
            "innen Scherben, die Verpackung ist {beschädigt|offen}",
        ),
    },
    "crash": {
        "ru": (
            "приложение {вылетает|закрывается} после обновления",
            "приложение {зависает|падает} на телефоне",
            "экран {чёрный|белый}, приложение не запускается",
        ),
        "en": (
            "the app {crashes|closes} after the update",
            "the app {freezes|crashes} on my phone",
            "the screen stays {black|white}, the app does not start",
        ),
        "de": (
            "die App {stürzt ab|schließt sich} nach dem Update",
            "die App {hängt|stürzt ab} auf dem Handy",
            "der Bildschirm bleibt {schwarz|weiß}, die App startet nicht",
        ),
    },
    "invoice": {
        "ru": (
            "пришлите {счёт|счёт-фактуру} для бухгалтерии",
            "в счёте {неверный|чужой} адрес компании",
            "нужен счёт с реквизитами {фирмы|компании}",
        ),
        "en": (
            "send the {invoice|tax invoice} for our accounting",
            "the invoice shows the {wrong|old} company address",
            "we need an invoice with the details of our {firm|company}",
        ),
        "de": (
            "schicken Sie die {Rechnung|Steuerrechnung} für unsere Buchhaltung",
            "auf der Rechnung steht die {falsche|alte} Firmenadresse",
            "wir brauchen eine Rechnung mit den Daten unserer {Firma|Gesellschaft}",
        ),
    },
    "promo": {
        "ru": (
            "промокод {не работает|не применяется}",
            "скидка по купону не {учтена|посчитана}",
            "промокод из рассылки {истёк|недействителен}",
        ),
        "en": (
            "the promo code {does not work|is not applied}",
            "the coupon discount was not {counted|applied}",
            "the promo code from your newsletter is {expired|invalid}",
        ),
        "de": (
            "der Gutscheincode {funktioniert nicht|wird nicht angenommen}",
            "der Rabatt vom Gutschein wurde nicht {berechnet|abgezogen}",
            "der Gutscheincode aus dem Newsletter ist {abgelaufen|ungültig}",
        ),
    },
    "address": {
        "ru": (
            "измените адрес доставки, я {переехал|переехала}",
            "указал {неверный|старый} адрес, как исправить",
            "поменяйте {улицу|дом} в адресе заказа",
        ),
        "en": (
            "change the delivery address, I have {moved|relocated}",
            "I gave the {wrong|old} address, how to correct it",
            "correct the {street|house number} in the order address",
        ),
        "de": (
            "ändern Sie die Lieferadresse, ich bin {umgezogen|verzogen}",
            "ich habe die {falsche|alte} Adresse angegeben, wie korrigieren",
            "korrigieren Sie die {Straße|Hausnummer} in der Adresse",
        ),
    },
    "cancel": {
        "ru": (
            "хочу {отменить|аннулировать} подписку",
            "как {отключить|отменить} автопродление подписки",
            "подписку продлили без {согласия|спроса}",
        ),
        "en": (
            "I want to {cancel|end} my subscription",
            "how to {stop|cancel} the automatic renewal of the subscription",
            "the subscription was renewed without {consent|asking}",
        ),
        "de": (
            "ich möchte mein Abo {kündigen|beenden}",
            "wie {stoppe|kündige} ich die automatische Verlängerung des Abos",
            "das Abo wurde ohne {Zustimmung|Nachfrage} verlängert",
        ),
    },
    "size": {
        "ru": (
            "размер {мал|велик}, хочу обменять",
            "обмен на {больший|меньший} размер",
            "куртка не подошла по размеру",
        ),
        "en": (
            "the size is too {small|large}, I want an exchange",
            "exchange for a {larger|smaller} size",
            "the jacket does not fit, wrong size",
        ),
        "de": (
            "die Größe ist zu {klein|groß}, ich möchte umtauschen",
            "Umtausch gegen eine {größere|kleinere} Größe",
            "die Jacke passt nicht, falsche Größe",
        ),
    },
    "double": {
        "ru": (
            "деньги списали {дважды|два раза}",
            "двойное списание за {заказ|покупку}",
            "с карты сняли сумму {дважды|повторно}",
        ),
        "en": (
            "I was charged {twice|two times}",
            "double charge for one {order|purchase}",
            "the amount was taken from my card {twice|again}",
        ),
        "de": (
            "es wurde {doppelt|zweimal} abgebucht",
            "doppelte Abbuchung für eine {Bestellung|Buchung}",
            "der Betrag wurde {zweimal|doppelt} von der Karte genommen",
        ),
    },
}

NEW: dict[str, tuple[str, ...]] = {
    "ru": (
        "код подтверждения из СМС {не приходит|не доходит}",
        "СМС с кодом {так и нет|не получаю}",
        "ввожу код из СМС, пишет неверный код подтверждения",
    ),
    "en": (
        "the SMS confirmation code {does not arrive|never comes}",
        "no SMS with the code {at all|here}",
        "I enter the code from the SMS, it says wrong confirmation code",
    ),
    "de": (
        "der Bestätigungscode per SMS {kommt nicht an|fehlt}",
        "keine SMS mit dem Code {erhalten|bekommen}",
        "ich gebe den Code aus der SMS ein, Bestätigungscode falsch",
    ),
}

OPENINGS = {
    "ru": ("Здравствуйте,", "Добрый день!", "", "Подскажите,", "Привет,"),
    "en": ("Hello,", "Good morning,", "", "Dear team,", "Hi,"),
    "de": ("Guten Tag,", "Hallo,", "", "Sehr geehrte Damen und Herren,", "Moin,"),
}
CIRCUMSTANCES = {
    "ru": (
        "Номер [ORDER].",
        "Звонил на горячую линию {утром|вечером}, без толку.",
        "Живу в {Казани|Перми|Твери|Самаре}.",
        "Очень {жду|расстроена}.",
        "Пользуюсь {телефоном|ноутбуком|планшетом}.",
        "Раньше всё было хорошо.",
        "Это подарок {маме|другу|сестре}.",
        "Клиент с {прошлого года|весны|осени}.",
        "",
    ),
    "en": (
        "The number is [ORDER].",
        "I called the hotline in the {morning|evening} in vain.",
        "I live in {Leeds|York|Bath|Hull}.",
        "I am very {disappointed|upset}.",
        "I use a {phone|laptop|tablet}.",
        "It used to be fine.",
        "It is a present for my {mother|friend|sister}.",
        "I have been a customer since {last year|spring|autumn}.",
        "",
    ),
    "de": (
        "Die Nummer ist [ORDER].",
        "Ich habe {morgens|abends} die Hotline angerufen, vergeblich.",
        "Ich wohne in {Kassel|Ulm|Trier|Bonn}.",
        "Ich bin sehr {enttäuscht|verärgert}.",
        "Ich benutze ein {Telefon|Notebook|Tablet}.",
        "Früher war alles gut.",
        "Es ist ein Geschenk für {meine Mutter|einen Freund|meine Schwester}.",
        "Ich bin Kunde seit {letztem Jahr|dem Frühling|dem Herbst}.",
        "",
    ),
}


@dataclass(frozen=True)
class Letter:
    """A letter, the problem it is about, and its language."""

    text: str
    problem: str
    language: str


def letter(rng: random.Random, problem: str, language: str, *, errors: float = 0.15) -> Letter:
    """One letter on a problem ("new" is the one outside PROBLEMS), with a typing error in a share of them."""
    patterns = NEW[language] if problem == "new" else PROBLEMS[problem][language]
    core = chosen(rng, rng.choice(patterns))
    around = [chosen(rng, part) for part in rng.sample(CIRCUMSTANCES[language], 2)]
    if rng.random() < errors:
        core = _mistyped(rng, core)
    text = " ".join(part for part in (rng.choice(OPENINGS[language]), f"{core}.", *around) if part)
    return Letter(text[:1].upper() + text[1:], problem, language)


def letters(rng: random.Random, count: int, languages: tuple[str, ...] = ("ru", "en", "de")) -> list[Letter]:
    """Letters on problems drawn at random, in languages drawn at random."""
    return [letter(rng, rng.choice(list(PROBLEMS)), rng.choice(languages)) for _ in range(count)]


def chosen(rng: random.Random, pattern: str) -> str:
    """A pattern with one of each of its choices."""
    return re.sub(r"\{([^}]*)\}", lambda match: rng.choice(match.group(1).split("|")), pattern)


def _mistyped(rng: random.Random, text: str) -> str:
    """Two neighbouring letters of one word changed places."""
    places = [i for i in range(1, len(text) - 1) if text[i].isalpha() and text[i + 1].isalpha()]
    place = rng.choice(places)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
