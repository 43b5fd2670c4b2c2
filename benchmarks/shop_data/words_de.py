"""What customers write in German: per category subjects, problems and details, and the frame around them."""

from __future__ import annotations

GREETING = ("Hallo,", "Guten Tag,", "Guten Morgen,", "Liebes Team,", "Sehr geehrte Damen und Herren,", "", "", "")
ASK = (
    "Bitte kümmern Sie sich darum.",
    "Was soll ich jetzt tun?",
    "Ich bitte um eine kurze Rückmeldung.",
    "Wie geht es weiter?",
    "Können Sie mir helfen?",
    "Bitte melden Sie sich.",
    "Wie lange dauert das noch?",
    "",
    "",
)
CLOSING = ("Danke", "Vielen Dank", "Viele Grüße", "Mit freundlichen Grüßen", "Besten Dank im Voraus", "", "", "", "")
EMAIL = "Sie erreichen mich auch unter {email}."
PHONE = "Meine Nummer ist {phone}."
CARD = "Benutzt habe ich die Karte {card}."
REPLY = (
    "Danke für Ihre Nachricht, ich schaue es mir an.",
    "Das tut mir leid, ich habe es an die Kollegen weitergegeben.",
    "Ich habe die Bestellung {order} geprüft und melde mich heute noch.",
    "Welches Gerät benutzen Sie?",
    "Das ist nun erledigt, bitte versuchen Sie es noch einmal.",
    "Ich verstehe den Ärger. Das können wir tun.",
    "Ihr Konto ist geändert, es kann eine Stunde dauern.",
    "Wir haben das Lager gefragt und erwarten morgen eine Antwort.",
    "Alles erledigt. Kann ich sonst noch helfen?",
)
FOLLOW_UP = ("Danke, das hat geklappt.", "Gibt es Neues?", "Es geht immer noch nicht.", "Ja, hier.", "Super, danke!")
NOTE = ("Mit dem Lager geklärt.", "Zweiter Kontakt dazu.", "Warte auf die Buchhaltung.", "Kundin ist freundlich.")
COMMENT_GOOD = ("Schnell und freundlich", "Tolle Hilfe", "Alles geklärt, danke", "Sehr netter Kontakt")
COMMENT_BAD = ("Viel zu langsam", "Musste zweimal fragen", "Niemand hat mich verstanden", "Immer noch offen")

WORDS: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "delivery delayed": (
        ("Wo bleibt mein Paket?", "Lieferung verspätet", "Sendung hängt fest", "Bestellung {order} nicht da"),
        (
            "meine Bestellung {order} sollte schon vor {days} Tagen ankommen.",
            "das Paket liegt seit {days} Tagen im Verteilzentrum.",
            "die Sendungsverfolgung bewegt sich seit {weekday} nicht mehr.",
            "versprochen war die Lieferung in drei Tagen, ich warte noch immer.",
            "der Zusteller war angeblich da, aber niemand hat geklingelt.",
            "seit {days} Tagen warte ich auf den Artikel {item}.",
        ),
        ("Ich hatte mir extra freigenommen.", "Es sollte ein Geschenk sein.", "Die Hotline hilft nicht.", ""),
    ),
    "delivery damaged": (
        ("Beschädigt angekommen", "Karton zerdrückt", "Ware kaputt", "Transportschaden"),
        (
            "der Artikel {item} kam mit einem Riss an.",
            "der Karton der Bestellung {order} war zerdrückt und nass.",
            "beim Auspacken lagen überall Scherben.",
            "am Gerät ist eine Delle, es ist wohl heruntergefallen.",
            "die Packung war aufgerissen und die Hälfte ausgelaufen.",
            "im Gehäuse klappert etwas und der Deckel schließt nicht.",
        ),
        ("Fotos habe ich gemacht.", "Die Verpackung war viel zu dünn.", "Leider habe ich schon unterschrieben.", ""),
    ),
    "wrong item": (
        ("Falscher Artikel", "Etwas anderes geliefert", "Teil fehlt", "Nicht das Bestellte"),
        (
            "bestellt war {item}, gekommen ist etwas ganz anderes.",
            "in der Bestellung {order} fehlt ein Artikel.",
            "Sie haben die kleine statt der großen Größe geschickt.",
            "die Farbe stimmt nicht, ich wollte Schwarz und bekam Weiß.",
            "im Karton lag der Lieferschein eines anderen Kunden.",
            "bezahlt habe ich zwei Stück, geliefert wurde nur eines.",
        ),
        (
            "Auf dem Lieferschein steht es richtig.",
            "Ausgepackt ist es noch nicht.",
            "Ich brauche es bis {weekday}.",
            "",
        ),
    ),
    "payment declined": (
        ("Zahlung abgelehnt", "Karte wird nicht akzeptiert", "Bezahlen nicht möglich", "Fehler an der Kasse"),
        (
            "meine Zahlung wurde abgelehnt, obwohl das Konto gedeckt ist.",
            "die Kasse lehnt meine Karte immer wieder ab.",
            "nach der Freigabe in der Banking-App heißt es: Zahlung fehlgeschlagen.",
            "dreimal wollte ich {item} bezahlen, jedes Mal kam eine Ablehnung.",
            "die Zahlungsseite zeigt einen Fehler und springt zurück zum Warenkorb.",
            "meine Bank hat keine Anfrage gesehen, Sie melden trotzdem eine abgelehnte Karte.",
        ),
        ("Anderswo geht die Karte.", "Zwei Browser habe ich probiert.", "Es ging um {amount} EUR.", ""),
    ),
    "double charge": (
        ("Doppelt abgebucht", "Zwei Abbuchungen", "Falscher Betrag", "Zu viel abgebucht"),
        (
            "für die Bestellung {order} wurde zweimal abgebucht.",
            "auf dem Kontoauszug stehen zwei Buchungen über {amount} EUR.",
            "ich finde eine Abbuchung von Ihnen, die ich nicht kenne.",
            "der abgebuchte Betrag ist höher als in der Bestätigung.",
            "es wurde noch einmal abgebucht, obwohl ich nur einmal bestellt habe.",
            "beide Versuche wurden gebucht.",
        ),
        ("Die Bank verweist auf Sie.", "Beides war am {weekday}.", "Den Auszug kann ich schicken.", ""),
    ),
    "refund": (
        ("Erstattung fehlt", "Wann kommt mein Geld?", "Rücksendung und Erstattung", "Gutschrift zu {order}"),
        (
            "vor {days} Tagen habe ich {item} zurückgeschickt, die Erstattung fehlt.",
            "das Lager hat die Rücksendung bestätigt, aber das Geld ist nicht da.",
            "von der Bestellung {order} wurde nur ein Teil erstattet.",
            "wie schicke ich {item} zurück und bekomme mein Geld?",
            "die Gutschrift sollte eine Woche dauern, das war vor {days} Tagen.",
            "bitte stornieren Sie die Bestellung {order} und erstatten Sie den Betrag.",
        ),
        ("Den Einlieferungsbeleg habe ich.", "Es sind {amount} EUR.", "Das Etikett liegt noch hier.", ""),
    ),
    "subscription cancel": (
        ("Abo kündigen", "Kündigung", "Lieferung pausieren", "Abo ändern"),
        (
            "ich möchte mein Kaffee-Abo zum Ende der Laufzeit kündigen.",
            "bitte pausieren Sie mein Abo für zwei Monate, wir verreisen.",
            "wie wechsle ich vom Jahresabo zum Monatsabo?",
            "wir trinken weniger Kaffee und wollen das Abo beenden.",
            "der Knopf zum Kündigen ist nirgends zu finden.",
            "kann ich die nächste Lieferung meines Abos auslassen?",
        ),
        ("Bitte schriftlich bestätigen.", "Die Laufzeit endet nächsten Monat.", "Der Kaffee war immer gut.", ""),
    ),
    "account login": (
        ("Anmeldung geht nicht", "Passwort vergessen", "Konto gesperrt", "Kein Code erhalten"),
        (
            "die Anmeldung klappt nicht, das Passwort sei falsch.",
            "die Mail zum Zurücksetzen des Passworts kommt nicht an.",
            "nach drei Versuchen ist mein Konto gesperrt.",
            "der Anmeldecode geht noch an meine alte Adresse.",
            "die App meldet mich alle paar Minuten ab.",
            "wie lösche ich mein Konto mit allen Daten?",
        ),
        ("Im Spam-Ordner ist nichts.", "Am Handy und am Rechner dasselbe.", "Zuletzt ging es am {weekday}.", ""),
    ),
    "product quality": (
        ("Bohnen schmecken alt", "Enttäuschte Erwartung", "Nicht wie beschrieben", "Schlechte Qualität"),
        (
            "die Bohnen schmecken alt, das Röstdatum liegt Monate zurück.",
            "der Artikel {item} wirkt billig und sieht anders aus als im Bild.",
            "nach einer Woche ist der Griff abgegangen.",
            "der Kaffee ist bitter, ganz anders als die letzte Tüte.",
            "an dem Gerät {item} blättert schon der Lack.",
            "die Tüte war nicht dicht, das Aroma ist weg.",
        ),
        ("Ich kaufe das seit Jahren.", "Die Bewertungen klangen besser.", "Mein altes Gerät hielt zehn Jahre.", ""),
    ),
    "repair": (
        ("Maschine startet nicht", "Reparatur auf Garantie", "Maschine läuft aus", "Mühle steht still"),
        (
            "die Espressomaschine verliert unten Wasser.",
            "die Mühle blieb mitten im Mahlen stehen und brummt nur.",
            "die Pumpe ist sehr laut und baut keinen Druck auf.",
            "die Anzeige der Maschine bleibt nach dem Einschalten dunkel.",
            "vor {days} Tagen ging die Maschine zur Reparatur, seitdem höre ich nichts.",
            "der Wasserkocher heizt nicht mehr, Garantie besteht noch.",
        ),
        ("Entkalkt habe ich letzte Woche.", "Sie ist ein Jahr alt.", "Die Rechnung steht im Konto.", ""),
    ),
    "discount code": (
        ("Code geht nicht", "Gutschein abgelehnt", "Rabatt fehlt", "Treuepunkte"),
        (
            "der Rabattcode aus dem Newsletter wird nicht angenommen.",
            "mein Gutschein wurde bei der Bestellung {order} nicht abgezogen.",
            "angeblich ist der Code abgelaufen, er gilt aber bis {weekday}.",
            "meine Treuepunkte sind aus dem Konto verschwunden.",
            "ich habe den Gutschein vergessen, geht das nachträglich?",
            "die Geschenkkarte zeigt ein Guthaben von null.",
        ),
        ("Es sollten zehn Prozent sein.", "Ich habe ihn genau kopiert.", "Die Summe war {amount} EUR.", ""),
    ),
    "invoice": (
        ("Rechnung benötigt", "Rechnung auf Firma", "Steuernummer auf Rechnung", "Beleg fehlt"),
        (
            "bitte schicken Sie mir die Rechnung zur Bestellung {order}.",
            "auf der Rechnung müssen Firma und Steuernummer stehen.",
            "den Beleg finde ich in meinem Konto nicht.",
            "das Datum der Rechnung ist falsch, bitte ändern.",
            "unsere Buchhaltung braucht alle Rechnungen dieses Jahres.",
            "auf der Rechnung steht noch die alte Anschrift.",
        ),
        ("PDF reicht.", "Wir brauchen sie vor Monatsende.", "Die Summe war {amount} EUR.", ""),
    ),
    "product question": (
        ("Frage vor dem Kauf", "Welcher Mahlgrad?", "Passt das zusammen?", "Wieder lieferbar?"),
        (
            "passt {item} zu einem Siebträger mit 58 mm?",
            "welche Bohnen empfehlen Sie für die Herdkanne?",
            "wann ist {item} wieder lieferbar?",
            "darf {item} in die Spülmaschine?",
            "gibt es im Jahresabo auch entkoffeinierten Kaffee?",
            "worin unterscheiden sich die beiden Mühlen?",
        ),
        ("Ich bin Anfänger.", "Wir sind ein Büro mit zehn Leuten.", "Es ist für meine Eltern.", ""),
    ),
    "address change": (
        ("Neue Adresse", "Lieferadresse ändern", "Umzug", "Lieferung ins Büro"),
        (
            "wir sind umgezogen, bitte ändern Sie die Adresse meines Abos.",
            "in der Bestellung {order} steht die falsche Hausnummer.",
            "kann das Paket in mein Büro gehen?",
            "bitte beim Nachbarn abgeben, ich bin bis {weekday} nicht da.",
            "die Seite nimmt meine Postleitzahl nicht an.",
            "kann ich den Liefertag der Bestellung {order} ändern?",
        ),
        ("Verschickt ist es noch nicht.", "Die Straße bleibt gleich.", "Ich bin in {days} Tagen zurück.", ""),
    ),
}

PLANTED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "b": (
        ("Verlängerung: Karte abgelehnt", "Jahresabo lässt sich nicht bezahlen", "Zahlung abgelehnt bei Verlängerung"),
        (
            "bei der Verlängerung meines Jahresabos wird die Kreditkarte abgelehnt.",
            "ich wollte das Jahresabo verlängern, im Schritt Zahlung kommt: Karte abgelehnt.",
            "die Verlängerung scheitert an der Zahlung, die Kreditkarte wird jedes Mal abgelehnt.",
            "mein Jahresabo läuft aus, weil die Zahlungsseite meine Kreditkarte ablehnt.",
            "nach der Bestätigung bei der Bank bricht die Zahlung der Verlängerung ab.",
            "seit der neuen Zahlungsseite kann ich das Jahresabo nicht mehr verlängern, Kreditkarte abgelehnt.",
            "Verlängerung nicht möglich: die Zahlung mit Kreditkarte wird abgelehnt.",
        ),
    )
}

ITEMS = ("Espressomaschine", "Handmühle", "Elektromühle", "Wasserkocher", "Milchaufschäumer", "Glaskanne")
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag")
