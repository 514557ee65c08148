#!/usr/bin/env python3
"""Makes the two faces that invoices are set in from Inter's variable font (Debian package fonts-inter-variable), and two
for Thaana from Noto Sans Thaana (fonts-noto-core).

    /usr/bin/python3 make_fonts.py /usr/share/fonts/truetype/inter-vf/Inter-roman.var.ttf /usr/share/fonts/truetype/noto .

Regular (400) and semibold (600), Latin, Greek and Cyrillic, figures replaced by the tabular ones so that columns of
amounts align without any OpenType feature switched on. Kerning stays, contextual alternates go ("3x4" on an invoice is
what was typed). The family gets a name of its own, so that an installed Inter is never taken for it.

Qt takes a font for text of an Indic script, Khmer, N'Ko, Syriac or Thaana only if its GSUB table names that script. Spaces
and figures within such text are set in Invoice Sans, so it names them all (without any feature of theirs). Noto Sans Thaana
needs no GSUB table and has none, so it gets an empty one here, and a name of its own. Needs python3-fonttools.
"""
import sys

from fontTools import subset
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables import otTables
from fontTools.varLib import instancer

FAMILY = "Invoice Sans"
RANGES = [(0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x36F), (0x370, 0x3FF), (0x400, 0x52F), (0x1E00, 0x1FFF),
          (0x2000, 0x206F), (0x2070, 0x209C), (0x20A0, 0x20C0), (0x2100, 0x214F), (0x2190, 0x2199),
          (0x2212, 0x2265)]


def tabular_figures(font):
    features = font["GSUB"].table.FeatureList.FeatureRecord
    lookups = {index for record in features if record.FeatureTag == "tnum" for index in record.Feature.LookupListIndex}
    mapping = {}
    for index in lookups:
        for table in font["GSUB"].table.LookupList.Lookup[index].SubTable:
            mapping.update(getattr(getattr(table, "ExtSubTable", table), "mapping", {}))
    for table in font["cmap"].tables:
        for code in range(ord("0"), ord("9") + 1):
            if code in table.cmap:
                table.cmap[code] = mapping.get(table.cmap[code], table.cmap[code])


SCRIPTS = ["beng", "bng2", "deva", "dev2", "gujr", "gjr2", "guru", "gur2", "khmr", "knda", "knd2", "mlym", "mlm2", "nko ",
           "orya", "ory2", "sinh", "syrc", "taml", "tml2", "telu", "tel2", "thaa"]


def name_scripts(font, tags):
    records = font["GSUB"].table.ScriptList.ScriptRecord
    for tag in tags:
        record = otTables.ScriptRecord()
        record.ScriptTag = tag
        record.Script = otTables.Script()
        record.Script.LangSysRecord = []
        record.Script.LangSysCount = 0
        record.Script.DefaultLangSys = otTables.DefaultLangSys()
        record.Script.DefaultLangSys.ReqFeatureIndex = 0xFFFF
        record.Script.DefaultLangSys.FeatureIndex = []
        record.Script.DefaultLangSys.FeatureCount = 0
        records.append(record)
    records.sort(key=lambda record: record.ScriptTag)
    font["GSUB"].table.ScriptList.ScriptCount = len(records)


INVISIBLE = [0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x2060, 0x2065), *range(0x2066, 0x206A)]


def add_invisible(font):
    """Marks of direction and joiners, for which Qt would look into other fonts, as the zero width space is: without ink."""
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.update({code: table.cmap[0x200B] for code in INVISIBLE if code not in table.cmap})


def add_empty_gsub(font):
    font["GSUB"] = newTable("GSUB")
    table = otTables.GSUB()
    table.Version = 0x00010000
    table.ScriptList = otTables.ScriptList()
    table.ScriptList.ScriptRecord = []
    table.FeatureList = otTables.FeatureList()
    table.FeatureList.FeatureRecord = []
    table.LookupList = otTables.LookupList()
    table.LookupList.Lookup = []
    font["GSUB"].table = table


def rename(font, style, weight, family=FAMILY, source="Inter"):
    for record in list(font["name"].names):
        if record.nameID not in (0, 13, 14):
            font["name"].removeNames(nameID=record.nameID)
    postscript = family.replace(" ", "") + "-" + style
    for name, text in ((1, family), (2, style), (3, postscript + ";1"), (4, family + " " + style),
                       (5, "Version 1.000"), (6, postscript), (10, "Derived from " + source)):
        font["name"].setName(text, name, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    bold = style == "Bold"
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0x61) | (0x20 if bold else 0x40)
    font["head"].macStyle = 1 if bold else 0


def make(source, target, style, weight):
    font = instancer.instantiateVariableFont(TTFont(source, recalcTimestamp=False), {"wght": weight})
    tabular_figures(font)
    options = subset.Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl"]
    options.hinting = False
    options.name_IDs = ["*"]
    options.recalc_timestamp = False
    options.drop_tables += ["STAT", "DSIG", "meta"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    subsetter.subset(font)
    name_scripts(font, SCRIPTS)
    add_invisible(font)
    rename(font, style, weight)
    font.save(target)


def make_thaana(noto, target, style, weight):
    font = TTFont(noto + "/NotoSansThaana-" + style + ".ttf", recalcTimestamp=False)
    add_empty_gsub(font)
    name_scripts(font, ["thaa"])
    rename(font, style, weight, "Invoice Thaana", "Noto Sans Thaana")
    font.save(target)


if __name__ == "__main__":
    inter, noto, directory = sys.argv[1:4]
    make(inter, directory + "/InvoiceSans-Regular.ttf", "Regular", 400)
    make(inter, directory + "/InvoiceSans-Bold.ttf", "Bold", 600)
    make_thaana(noto, directory + "/InvoiceThaana-Regular.ttf", "Regular", 400)
    make_thaana(noto, directory + "/InvoiceThaana-Bold.ttf", "Bold", 700)
