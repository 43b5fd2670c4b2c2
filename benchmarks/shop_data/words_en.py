"""What customers write in English: per category subjects, problems and details, and the frame around them."""

from __future__ import annotations

GREETING = ("Hi,", "Hello,", "Hi there,", "Good morning,", "Good afternoon,", "Dear team,", "", "", "")
ASK = (
    "Could you have a look please?",
    "Please let me know what happens next.",
    "What can we do about it?",
    "I would appreciate a quick answer.",
    "Please help.",
    "Can someone call me back?",
    "How long will this take?",
    "",
    "",
)
CLOSING = ("Thanks", "Many thanks", "Kind regards", "Best wishes", "Cheers", "Thank you in advance", "", "", "", "")
EMAIL = "You can also write to {email}."
PHONE = "My number is {phone}."
CARD = "The card I used is {card}."
REPLY = (
    "Thank you for writing, I am looking into it now.",
    "Sorry about this. I have passed it to the right colleague.",
    "I have checked order {order} and will come back to you today.",
    "Could you tell me which device you use?",
    "This is sorted now, please try again.",
    "I understand, that is annoying. Here is what we can do.",
    "I have updated your account, it can take an hour to show.",
    "We have asked the warehouse and expect an answer tomorrow.",
    "Your request is done, anything else I can help with?",
)
FOLLOW_UP = ("Thanks, that worked.", "Any news?", "It still does not work.", "Sure, here it is.", "Great, thank you!")
NOTE = ("Checked with the warehouse.", "Second contact on this.", "Waiting for finance.", "Customer is friendly.")
COMMENT_GOOD = ("Quick and friendly", "Great help", "All sorted, thanks", "Very kind agent")
COMMENT_BAD = ("Too slow", "Had to ask twice", "Nobody understood my question", "Still not solved")

WORDS: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "delivery delayed": (
        ("Where is my order?", "Parcel still not here", "Delivery is late", "Tracking has not moved"),
        (
            "my order {order} should have arrived {days} days ago.",
            "the parcel has been stuck in the depot for {days} days.",
            "tracking shows no movement since {weekday}.",
            "you promised delivery within three days and I am still waiting.",
            "the courier says the parcel is on its way, but nobody has come since {weekday}.",
            "it has been {days} days and the {item} has not been delivered.",
        ),
        ("I took a day off to receive it.", "It was meant as a present.", "The driver never rang the bell.", ""),
    ),
    "delivery damaged": (
        ("Arrived broken", "Box was crushed", "Damaged parcel", "Broken in transit"),
        (
            "the {item} arrived with a crack on one side.",
            "the box of order {order} was crushed and wet.",
            "when I opened the package there were pieces of glass everywhere.",
            "the {item} has a dent, it must have been dropped on the way.",
            "the seal was torn and half of the contents had leaked out.",
            "something rattles inside the {item} and the lid does not close.",
        ),
        ("I have photos of the box.", "The packaging was far too thin.", "I signed before I saw it.", ""),
    ),
    "wrong item": (
        ("Wrong item in the box", "I got something else", "Part of the order missing", "Not what I ordered"),
        (
            "I ordered the {item} and received something completely different.",
            "one article of order {order} is missing from the parcel.",
            "you sent me the small size instead of the large one.",
            "the colour is wrong, I chose black and got white.",
            "there was somebody else's delivery note in my box.",
            "I paid for two pieces of the {item} but only one came.",
        ),
        ("The delivery note lists the right one.", "I have not opened it further.", "I need it by {weekday}.", ""),
    ),
    "payment declined": (
        ("Payment declined", "Card not accepted", "Cannot pay", "Checkout refuses my card"),
        (
            "my payment was declined although there is enough money on the account.",
            "the checkout refuses my card again and again.",
            "after I enter the code from my bank the page says payment failed.",
            "I tried to pay for the {item} three times, each attempt was rejected.",
            "the payment page shows an error and sends me back to the cart.",
            "my bank says they never saw a request, yet you report a declined card.",
        ),
        ("The same card works elsewhere.", "I tried two browsers.", "The amount was {amount} EUR.", ""),
    ),
    "double charge": (
        ("Charged twice", "Two debits for one order", "Wrong amount charged", "Money taken twice"),
        (
            "you charged me twice for order {order}.",
            "there are two debits of {amount} EUR on my statement.",
            "I see a charge that I do not recognise from your shop.",
            "the amount taken is higher than the total on the confirmation.",
            "my account was debited again although I only ordered once.",
            "both the first and the second attempt were booked.",
        ),
        ("The bank told me to ask you.", "Both happened on {weekday}.", "I can send the statement.", ""),
    ),
    "refund": (
        ("Refund not received", "When do I get my money back?", "Return and refund", "Refund for order {order}"),
        (
            "I returned the {item} {days} days ago and have had no refund.",
            "the warehouse confirmed my return but the money is not here.",
            "you refunded only part of order {order}.",
            "how do I send the {item} back and get a refund?",
            "I was told the refund takes a week, that was {days} days ago.",
            "please cancel order {order} and give me the money back.",
        ),
        ("I have the return receipt.", "It should be {amount} EUR.", "I still have the label.", ""),
    ),
    "subscription cancel": (
        ("Cancel my subscription", "Stop the plan", "Pause deliveries", "How do I unsubscribe?"),
        (
            "I would like to cancel my coffee subscription at the end of the term.",
            "please pause my plan for two months, we are travelling.",
            "how can I switch from the yearly plan to the monthly one?",
            "I drink less coffee now and want to stop the subscription.",
            "the button to cancel the plan is nowhere to be found.",
            "can I skip the next delivery of my subscription?",
        ),
        ("Please confirm in writing.", "My term ends next month.", "No hard feelings, great beans.", ""),
    ),
    "account login": (
        ("Cannot log in", "Password reset", "Locked out", "No code received"),
        (
            "I cannot log in, the site says my password is wrong.",
            "the mail to reset the password never arrives.",
            "my account is locked after three attempts.",
            "I changed my address and now the login code goes to the old one.",
            "the app logs me out every few minutes.",
            "how do I delete my account and all data?",
        ),
        ("I checked the spam folder.", "It happens on the phone and the laptop.", "I last signed in {weekday}.", ""),
    ),
    "product quality": (
        ("Beans taste stale", "Disappointed with quality", "Not as described", "Poor quality"),
        (
            "the beans taste stale and the roast date is months old.",
            "the {item} feels cheap and looks nothing like the picture.",
            "the handle of the {item} came off after a week.",
            "the coffee is bitter, quite unlike the last bag.",
            "the paint of the {item} is peeling already.",
            "the bag was not sealed and the aroma is gone.",
        ),
        ("I have bought this for years.", "The reviews promised more.", "My old one lasted ten years.", ""),
    ),
    "repair": (
        ("Machine does not start", "Warranty repair", "Leaking machine", "Grinder stopped"),
        (
            "the espresso machine leaks water from below.",
            "my grinder stopped in the middle and only hums.",
            "the pump is very loud and there is no pressure.",
            "the display of the machine stays dark after switching on.",
            "I sent the machine for repair {days} days ago and have heard nothing.",
            "the kettle no longer heats up although it is under warranty.",
        ),
        ("I descaled it last week.", "It is one year old.", "The receipt is in my account.", ""),
    ),
    "discount code": (
        ("Code does not work", "Voucher not accepted", "Missing discount", "Loyalty points"),
        (
            "the discount code from your newsletter is not accepted.",
            "my voucher was not deducted from order {order}.",
            "the site says the code has expired but it is valid until {weekday}.",
            "my loyalty points have vanished from the account.",
            "I forgot to enter the coupon, can you add it afterwards?",
            "the gift card shows a balance of zero.",
        ),
        ("It should be ten percent.", "I copied it exactly.", "The total was {amount} EUR.", ""),
    ),
    "invoice": (
        ("Need an invoice", "Invoice with company name", "VAT number on invoice", "Receipt missing"),
        (
            "please send me the invoice for order {order}.",
            "the invoice must show our company name and tax number.",
            "I cannot find the receipt in my account.",
            "the date on the invoice is wrong, please correct it.",
            "our accounting needs a copy of all invoices of this year.",
            "the invoice shows the old address.",
        ),
        ("A PDF is fine.", "We need it before the month ends.", "The total was {amount} EUR.", ""),
    ),
    "product question": (
        ("Question before buying", "Which grind size?", "Is it compatible?", "Back in stock?"),
        (
            "does the {item} fit a standard portafilter of 58 mm?",
            "which beans do you recommend for a moka pot?",
            "when will the {item} be back in stock?",
            "is the {item} dishwasher safe?",
            "do you also have decaf in the yearly plan?",
            "what is the difference between the two grinders?",
        ),
        ("I am a beginner.", "We are an office of ten.", "It is for my parents.", ""),
    ),
    "address change": (
        ("New address", "Change delivery address", "We moved", "Deliver to office"),
        (
            "we have moved, please change the address of my subscription.",
            "I typed the wrong house number in order {order}.",
            "can the parcel go to my office instead?",
            "please deliver to the neighbour, I am away until {weekday}.",
            "the site does not accept my postcode.",
            "can I change the delivery day of order {order}?",
        ),
        ("It has not been shipped yet.", "The street is the same.", "I will be back in {days} days.", ""),
    ),
}

#: The wording of a planted trouble, by its letter.
PLANTED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}

ITEMS = ("espresso machine", "hand grinder", "electric grinder", "gooseneck kettle", "milk frother", "glass carafe")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
