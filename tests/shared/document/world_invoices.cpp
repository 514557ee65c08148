#include "tests/shared/document/world_invoices.h"

#include "tests/support/seeded_random.h"

namespace billing::test {

namespace {

struct Somewhere
{
    const char* name;
    const char* locale;
    const char* country;
    const char* buyer;
    const char* street;
    const char* city;
    const char* description;
    const char* note;
};

constexpr Somewhere world[] = {
    {"japanese", "ja-JP", "JP", "株式会社テスト", "東京都千代田区神田須田町1-2-3", "千代田区",
     "LLMトークン、gpt4、入力",
     "このご請求書に関するお問い合わせは billing@enis.example "
     "までお願いいたします。「ありがとうございます」。"},
    {"chinese", "zh-CN", "CN", "北京测试科技有限公司", "朝阳区建国路88号", "北京", "令牌，gpt4，输入",
     "如有疑问，请联系我们。"},
    {"taiwan", "zh-Hant-TW", "TW", "測試股份有限公司", "信義路五段7號", "臺北市", "權杖，輸入",
     "如有疑問，請與我們聯絡。"},
    {"korean", "ko-KR", "KR", "주식회사 테스트", "강남구 테헤란로 123", "서울특별시", "토큰, gpt4, 입력",
     "문의 사항이 있으시면 연락 주십시오."},
    {"arabic", "ar-AE", "AE", "شركة الاختبار المحدودة (ذ.م.م)", "شارع الشيخ زايد، مبنى 12", "دبي 00000",
     "رموز، gpt4، إدخال",
     "للاستفسار عن هذه الفاتورة رقم EB-2023-000017 يرجى الكتابة إلى billing@enis.example قبل 15/12/2023."},
    {"arabic_eg", "ar-EG", "EG", "شركة النيل للتجارة ABC", "١٢ شارع التحرير", "القاهرة", "وحدات التخزين",
     "شكراً لكم."},
    {"hebrew", "he-IL", "IL", "חברת בדיקה בע״מ (2023)", "רחוב הרצל 12", "תל אביב", "אסימונים, gpt4, קלט",
     "לשאלות: billing@enis.example. תודה!"},
    {"persian", "fa-IR", "IR", "شرکت آزمایشی می‌خواهم", "خیابان ولیعصر، پلاک ۱۲", "تهران",
     "توکن‌ها، ورودی", "با تشکر از شما."},
    {"urdu", "ur-PK", "PK", "ٹیسٹ کمپنی لمیٹڈ", "شاہراہ فیصل", "کراچی", "ٹوکن، ان پٹ", "شکریہ۔"},
    {"thai", "th-TH", "TH", "บริษัท ทดสอบ จำกัด (มหาชน)", "ถนนสุขุมวิท แขวงคลองเตย", "กรุงเทพมหานคร",
     "โทเค็น ปั๋ม น้ำ ที่",
     "หากมีคำถามเกี่ยวกับใบแจ้งหนี้นี้โปรดติดต่อเราได้ตลอดเวลาทำการของบริษัทขอบคุณที่ใช้บริการของเราเสมอมาและหวังว่าจะได้ให้บริการท่าน"
     "อีกในโอกาสต่อไป"},
    {"hindi", "hi-IN", "IN", "परीक्षण कंपनी क्षत्रिय लिमिटेड", "महात्मा गांधी मार्ग", "नई दिल्ली", "टोकन, इनपुट",
     "कृपया भुगतान समय पर करें। धन्यवाद 🎉।"},
    {"bengali", "bn-BD", "BD", "পরীক্ষা কোম্পানি লিমিটেড", "গুলশান এভিনিউ", "ঢাকা", "টোকেন", "ধন্যবাদ।"},
    {"tamil", "ta-IN", "IN", "தமிழ் நிறுவனம் லிமிடெட்", "அண்ணா சாலை", "சென்னை", "டோக்கன்கள்", "நன்றி."},
    {"greek", "el-GR", "GR", "Εταιρεία Δοκιμών Α.Ε.", "Λεωφόρος Κηφισίας 12", "Αθήνα", "Μονάδες",
     "Ευχαριστούμε."},
    {"cyrillic", "ru-RU", "RU", "ООО «Тестовая компания»", "ул. Ленина, д. 12", "Москва", "Токены",
     "Спасибо."},
    {"georgian", "ka-GE", "GE", "შპს სატესტო კომპანია", "რუსთაველის გამზირი", "თბილისი", "ტოკენები",
     "გმადლობთ."},
    {"armenian", "hy-AM", "AM", "Փորձարկման ընկերություն ՍՊԸ", "Աբովյան փողոց", "Երևան", "Թոքեններ",
     "Շնորհակալություն։"},
    {"ethiopic", "am-ET", "ET", "የሙከራ ኩባንያ", "ቦሌ መንገድ", "አዲስ አበባ", "ምልክቶች", "እናመሰግናለን።"},
    {"khmer", "km-KH", "KH", "ក្រុមហ៊ុនសាកល្បង", "មហាវិថីព្រះនរោត្តម", "ភ្នំពេញ", "និមិត្តសញ្ញា", "សូមអរគុណ។"},
    {"myanmar", "my-MM", "MM", "စမ်းသပ် ကုမ္ပဏီ လီမိတက်", "ကမ္ဘာအေးဘုရားလမ်း", "ရန်ကုန်", "တိုကင်", "ကျေးဇူးတင်ပါသည်။"},
    {"emoji", "en-US", "US", "Cheers 🍺 & Co 🚀 👨‍👩‍👧 👍🏽 🇩🇪 ❤️ 1️⃣",
     "Rocket Road 🛰", "Austin", "Tokens 😀😂", "Thanks! 🎉"},
    {"scripts", "ne-NP", "NP", "བོད་ཡིག ᠮᠣᠩᠭᠣᠯ ꦗꦮ ᬩᬮᬶ ᏣᎳᎩ ⴰⵎⴰⵣⵉⵖ", "සිංහල ລາວ తెలుగు ಕನ್ನಡ മലയാളം ગુજરાતી ਪੰਜਾਬੀ ଓଡ଼ିଆ",
     "काठमाडौँ", "नेपाली", "धन्यवाद।"},
    {"codes", "en-US", "US",
     "Bell \x07, tab \t, zero width\u200B, override \u202Eabc\u202C, private \uE000, none \uFFFF",
     "lone \u0301 mark", "Z\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030a\u030b",
     "model, \x01\x02, input", "\u2066half an isolate \U000E0067\U000E0062"},
};

/// A character of any kind, each kind as often as the others.
char32_t anyCharacter(SeededRandom& random)
{
    struct Span
    {
        char32_t first, last;
    };
    static constexpr Span spans[] = {
        {'a', 'z'},         {' ', ' '},         {'0', '9'},         {0x01, 0x1F},       {0x80, 0x24F},
        {0x300, 0x36F},     {0x370, 0x52F},     {0x530, 0x5FF},     {0x600, 0x6FF},     {0x900, 0xDFF},
        {0xE00, 0xEFF},     {0xF00, 0xFFF},     {0x1000, 0x109F},   {0x10A0, 0x139F},   {0x1780, 0x18AF},
        {0x2000, 0x206F},   {0x20A0, 0x2BFF},   {0x3000, 0x30FF},   {0x4E00, 0x9FFF},   {0xAC00, 0xD7A3},
        {0xE000, 0xE0FF},   {0xFB00, 0xFEFF},   {0xFF00, 0xFFFF},   {0x10000, 0x10FFF}, {0x11000, 0x11FFF},
        {0x1D100, 0x1D1FF}, {0x1F1E6, 0x1F1FF}, {0x1F300, 0x1FAFF}, {0x20000, 0x2A6FF}, {0xE0001, 0xE01EF},
        {0xF0000, 0x10FFFF}};
    const Span span = spans[random.below(std::size(spans))];
    return span.first + static_cast<char32_t>(random.below(span.last - span.first + 1));
}

void append(std::string& text, char32_t code)
{
    const auto byte = [&text](char32_t value) { text += static_cast<char>(value); };
    if (code < 0x80)
        return byte(code);
    if (code < 0x800) {
        byte(0xC0 | code >> 6);
    } else {
        if (code < 0x10000) {
            byte(0xE0 | code >> 12);
        } else {
            byte(0xF0 | code >> 18);
            byte(0x80 | (code >> 12 & 0x3F));
        }
        byte(0x80 | (code >> 6 & 0x3F));
    }
    byte(0x80 | (code & 0x3F));
}

/// Of one kind after another, a few characters each: words, more or less.
std::string anyText(SeededRandom& random, std::uint64_t longest)
{
    std::string text;
    for (std::uint64_t left = 1 + random.below(longest); left > 0;) {
        const char32_t code = anyCharacter(random);
        for (std::uint64_t run = 1 + random.below(8); run > 0 && left > 0; --run, --left)
            append(text, code + static_cast<char32_t>(code > 0x40 && code < 0x10FF00 ? random.below(6) : 0));
        if (random.below(200) == 0)
            text += '\n';
    }
    return text;
}

Decimal anyDecimal(SeededRandom& random)
{
    std::string text(1, static_cast<char>('1' + random.below(9)));
    for (std::uint64_t left = random.below(17); left > 0; --left)
        text += static_cast<char>('0' + random.below(10));
    text += '.';
    for (std::uint64_t left = 1 + random.below(12); left > 0; --left)
        text += static_cast<char>('0' + random.below(10));
    return decimal(text);
}

} // namespace

std::vector<NamedInvoice> worldInvoices()
{
    std::vector<NamedInvoice> invoices;
    for (const Somewhere& there : world) {
        Invoice invoice = invoiceIn("EUR", there.locale);
        invoice.buyer = {.name = there.buyer,
                         .address = {.line1 = there.street, .city = there.city, .postalCode = "10001"},
                         .country = there.country,
                         .taxIds = {"VAT 123456789"}};
        invoice.lines[1].rated.description = there.description;
        invoice.notes.push_back(there.note);
        if (invoices.size() + 2 ==
            std::size(world)) // glyphs of these are found in no table that readers have
            invoice.buyer.address.region = "ދިވެހި ܣܘܪܝܝܐ ߒߞߏ";
        invoices.push_back({there.name, std::move(invoice)});
    }
    return invoices;
}

Invoice wildInvoice(std::uint64_t seed)
{
    static constexpr const char* locales[] = {"ar-AE", "fa-IR", "he-IL", "my-MM",      "ne-NP",     "th-TH",
                                              "de-CH", "en-US", "ja-JP", "zh-Hant-TW", "ff-Adlm-GN"};
    SeededRandom random(seed);
    const auto sometimes = [&random](std::uint64_t usual, std::uint64_t rare) {
        return random.below(6) == 0 ? rare : usual;
    };
    Invoice invoice = invoiceIn("BHD", locales[random.below(std::size(locales))]);
    const Money most =
        Money::fromMinor(static_cast<std::int64_t>(random.below(1ULL << 58)), invoice.currency);
    invoice.buyer.country = random.below(2) == 0 ? "US" : "??";
    invoice.number = anyText(random, sometimes(12, 500));
    invoice.planName = anyText(random, sometimes(20, 2000));
    for (Party* party : {&invoice.seller, &invoice.buyer}) {
        party->name = anyText(random, sometimes(60, 5000));
        party->address = {anyText(random, 60), anyText(random, sometimes(60, 3000)), anyText(random, 40),
                          anyText(random, 20), anyText(random, 12)};
        party->taxIds.clear();
        for (std::uint64_t left = random.below(9); left > 0; --left)
            party->taxIds.push_back(anyText(random, 250));
    }
    while (invoice.lines.size() < 3 + random.below(40))
        invoice.lines.push_back(invoice.lines.back());
    for (InvoiceLine& line : invoice.lines) {
        line.rated.description = anyText(random, sometimes(80, 3000));
        line.rated.unit = anyText(random, sometimes(12, 400));
        line.rated.quantity = anyDecimal(random);
        line.rated.unitPrice = anyDecimal(random);
        line.rated.amount = Money::fromMinor(most.minorUnits() / 1000, invoice.currency);
    }
    const TaxLine tax = invoice.taxes.front();
    invoice.taxes.assign(1 + sometimes(random.below(3), 60), tax);
    for (TaxLine& each : invoice.taxes) {
        each.name = anyText(random, sometimes(20, 300));
        each.note = anyText(random, sometimes(20, 2000));
        each.base = each.tax = most;
    }
    invoice.net = invoice.total = most;
    invoice.bank.bankName = anyText(random, sometimes(20, 3000));
    for (std::uint64_t left = random.below(4); left > 0; --left)
        invoice.notes.push_back(anyText(random, sometimes(200, 9000)));
    return invoice;
}

Invoice tallInvoice()
{
    Invoice invoice = germanInvoice();
    for (int number = 1; number <= 8; ++number)
        invoice.seller.taxIds.push_back(std::to_string(number) + std::string(249, 'W'));
    for (int number = 1; number <= 300; ++number)
        invoice.buyer.address.line2 += (number > 1 ? "\nline " : "line ") + std::to_string(number);
    for (int number = 1; number <= 10'000 / 5; ++number)
        invoice.lines[1].rated.description += " d" + std::to_string(1000 + number);
    invoice.lines[2].rated.description = std::string(1000, 'x');
    invoice.lines[3].rated.quantity = decimal("123456789012345678.123456789012");
    const TaxLine tax = invoice.taxes.front();
    for (int number = 2; number <= 50; ++number) {
        invoice.taxes.push_back(tax);
        invoice.taxes.back().name = "VAT " + std::to_string(number);
    }
    for (int number = 1; number <= 2000; ++number)
        invoice.notes.front() += " n" + std::to_string(1000 + number);
    return invoice;
}

} // namespace billing::test
