"""Which drawing shows a product? The first whose words its name or tags have; drawings lie in `drawings/`."""

from __future__ import annotations

import re

from knowledge_base.products import Product

GENERIC = "parcel"

# Special things come before what they resemble: a bike computer is no watch, a sock for hiking no boot.
# A word stands for itself and its plural; several words in a row must stand so in the name or in one tag.
WORDS: tuple[tuple[str, str], ...] = (
    # Sport
    ("socks", "sock"),
    ("headlamp", "headlamp, head torch"),
    ("boot", "boot"),
    ("shoe", "shoe, sneaker, trainer, racer, sandal"),
    ("tights", "tights, leggings, shorts, trousers, pants"),
    ("jacket", "jacket, coat, shirt, hoodie, fleece, apparel"),
    ("vest", "vest, hydration"),
    ("belt", "running belt, belt bag, waist bag, bum bag"),
    ("roller", "roller"),
    ("massager", "massage gun"),
    ("stick", "stick, deodorant"),
    # Cycling
    ("helmet", "helmet"),
    ("bike_computer", "bike computer, gps device, handheld gps"),
    ("bike_light", "light set, bike light, lights"),
    ("lock", "lock, padlock"),
    ("pump", "pump"),
    ("pannier", "pannier"),
    ("multitool", "multitool, multi tool, pocket knife"),
    ("glove", "glove, mitten"),
    ("child_seat", "child seat"),
    ("tyre", "tyre, wheel, inner tube"),
    ("chain_care", "chain, lubricant"),
    ("repair_stand", "repair stand"),
    ("saddle", "saddle"),
    # Hiking and camping
    ("tent", "tent, tarp"),
    ("stove", "stove, gas burner"),
    ("sleeping_bag", "sleeping bag, blanket"),
    ("bottle", "water filter, water bottle, flask, thermos"),
    ("poles", "pole"),
    ("baking_mat", "baking mat"),
    ("mat", "sleeping mat, mat, yoga"),
    ("camp_chair", "camp chair, folding chair, stool"),
    # Home office
    ("sleeve", "sleeve, laptop sleeve, folio"),
    ("keyboard", "keyboard"),
    ("mouse", "mouse, trackball"),
    ("footrest", "footrest"),
    ("desk", "sit stand, standing desk, table"),
    ("lamp", "lamp, desk lamp, bulb"),
    ("monitor", "monitor, monitor arm, screen, tablet"),
    ("printer", "printer"),
    ("dock", "dock, hub, charger, power bank"),
    ("webcam", "webcam, camera"),
    ("organiser", "organiser, organizer, pen, notebook"),
    ("chair", "chair, armchair"),
    # Audio
    ("record_care", "record care"),
    ("turntable", "turntable, record player"),
    ("bone_headset", "bone conduction"),
    ("earbuds", "earbud, earphone, in ear"),
    ("cable", "headphone dac, dac, cable, adapter"),
    ("headphones", "headphone, headset"),
    ("microphone", "microphone"),
    ("radio", "radio, alarm clock"),
    ("soundbar", "soundbar, television, tv"),
    ("bookshelf_speakers", "bookshelf speaker, active speakers"),
    ("speaker", "speaker, portable speaker"),
    # Watches and wearables
    ("watch_strap", "watch strap"),
    ("chest_strap", "chest strap, armband, arm band"),
    ("ring", "smart ring, ring, jewellery"),
    ("pod", "foot pod, tracker tag"),
    ("fitness_band", "fitness band, wristband, bracelet"),
    ("watch_square", "kids calling watch, smartwatch, calling watch"),
    ("watch_dress", "dress watch, automatic watch, quartz"),
    ("watch_round", "watch"),
    # Coffee and tea
    ("espresso_machine", "espresso machine, coffee machine, coffee maker"),
    ("hand_grinder", "hand grinder"),
    ("grinder", "grinder"),
    ("kettle", "kettle"),
    ("carafe", "cold brew, carafe, jug of glass"),
    ("frother", "frother"),
    ("dripper", "pour over, dripper"),
    ("travel_mug", "travel mug, travel press, tumbler"),
    ("teapot", "teapot"),
    ("tea_tin", "black tea, green tea, loose leaf, loose tea"),
    ("packet", "bean, ground coffee, decaf, herbal tea, tea, coffee"),
    ("cup", "cup, mug"),
    # Skin care
    ("shaving_set", "shaving set, brush set"),
    ("razor", "razor"),
    ("stick", "sun stick"),
    ("lip_tins", "lip balm"),
    ("face_brush", "cleansing brush, toothbrush, hairbrush"),
    ("soap", "soap"),
    ("dropper", "oil, serum, perfume"),
    ("pump_bottle", "body lotion, micellar, shampoo, shower gel, cleanser"),
    ("tube", "hand cream, sunscreen, lotion, toothpaste"),
    ("jar", "cream, mask, balm, candle, jar"),
    # Kitchen
    ("whetstone", "whetstone, sharpening"),
    ("knife", "knife, scissors"),
    ("blender", "blender, juicer"),
    ("hand_mixer", "mixer"),
    ("kitchen_scale", "scale"),
    ("storage_boxes", "storage set, food storage, box"),
    ("saucepan", "saucepan"),
    ("pan", "skillet, pan, wok"),
    ("pot", "casserole, pot, cookset, dutch oven"),
    ("board", "board, cutting board"),
    ("bread_bin", "bread bin, toaster"),
    ("thermometer", "thermometer"),
    # Toys and games
    ("theatre", "theatre, puppet"),
    ("rocket", "rocket"),
    ("kite", "kite"),
    ("skittles", "throwing game, garden game, ball"),
    ("marble_run", "marble run"),
    ("magnetic_tiles", "magnetic tile"),
    ("windmill", "mechanical model, model kit"),
    ("blocks", "first puzzle, wooden toy, building set"),
    ("jigsaw", "puzzle, jigsaw"),
    ("cards", "card game"),
    ("board_game", "board game, game"),
    ("plush", "plush, soft toy, doll"),
    ("backpack", "backpack, rucksack, bag, suitcase"),
)
# What stands for a category of which nothing better is known.
CATEGORIES: tuple[tuple[str, str], ...] = (
    ("shoe", "running, footwear"),
    ("watch_round", "watch, wearable"),
    ("headphones", "audio, electronics"),
    ("tyre", "cycling, bike"),
    ("tent", "hiking, camping, outdoors"),
    ("desk", "office, furniture"),
    ("jar", "skin, beauty"),
    ("blocks", "toy"),
    ("cup", "coffee, tea"),
    ("saucepan", "kitchen, housewares"),
    ("jacket", "apparel, clothing, fashion"),
)


def motif_of(product: Product) -> str:
    """The name of the drawing: by the product's name, then its tags, then its category; else a parcel."""
    # "Board" in a name may be "Board Game", so a name's longest match counts; ties go to the earlier motif.
    for text in (product.name, " / ".join(product.tags)):
        if (found := _longest_match(text, WORDS)) is not None:
            return found
    found = _longest_match(product.category, CATEGORIES)
    return GENERIC if found is None else found


def _longest_match(text: str, words: tuple[tuple[str, str], ...]) -> str | None:
    plain = " " + re.sub(r"[^a-z0-9/]+", " ", text.lower()) + " "
    best, best_length = None, 0
    for motif, names in words:
        for name in names.split(", "):
            if len(name) > best_length and (f" {name} " in plain or f" {name}s " in plain):
                best, best_length = motif, len(name)
    return best
