// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Each cleaning step on the texts that go wrong elsewhere.
#include <QTest>

#include <sstream>

#include "core/utf8.h"
#include "corpus/clean/cleaning.h"
#include "corpus/clean/detail/masking.h"
#include "support/corpus_checks.h"
#include "support/temp_folder.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;

Q_DECLARE_METATYPE(std::string)

namespace {

// "STEP[:option=value...]", several with a newline between.
Result<CleanedText> clean(const std::string& steps, const std::string& text) {
    static const CleaningRegistry kRegistry = makeCleaningRegistry();
    CleaningRecipe recipe;
    std::istringstream lines(steps);
    for (std::string line; std::getline(lines, line);) {
        LATHE_TRY(RecipeStep step, recipeStepFrom(line, kRegistry));
        recipe.steps.push_back(std::move(step));
    }
    LATHE_TRY(const Cleaner cleaner, Cleaner::make(kRegistry, recipe));
    return cleaner.clean(text);
}

std::string after(const std::string& steps, const std::string& text) {
    const auto cleaned = clean(steps, text);
    return cleaned ? cleaned->text : "error: " + cleaned.error().message;
}

}  // namespace

class TestCleaningSteps : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void texts_data();
    void texts();
    void filters_data();
    void filters();
    void maskedPartsAreInCodePoints();
    void checkDigits();
    void maskingOnceIsEnough();
    void namesFromAFile();
    void recipesAreKeptAsJson();
    void wrongRecipesAreRefused();
};

void TestCleaningSteps::texts_data() {
    QTest::addColumn<std::string>("steps");
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("expected");
    const auto row = [](const char* name, const char* steps, std::string text, const char* expected) {
        QTest::newRow(name) << std::string(steps) << std::move(text) << std::string(expected);
    };
    row("nfc", "unicode_form", "cafe\u0301 ① ﬁ", "café ① ﬁ");
    row("nfkc", "unicode_form:form=NFKC", "cafe\u0301 ① ﬁ ，", "café 1 fi ,");
    row("nfd", "unicode_form:form=NFD", "é", "e\u0301");

    row("half width", "width", "ＡＢＣ１２３，你好！（３．１４）ｶﾞｷﾞ", "ABC123，你好！（3.14）ガギ");
    row("half width with punctuation", "width:punctuation=true", "你好，ＯＫ！", "你好,OK!");
    row("full width", "width:ascii=full", "A1, b", "Ａ１, ｂ");
    row("half katakana", "width:katakana=half", "ガー", "ｶﾞｰ");
    row("half katakana stays", "width:katakana=keep", "ｶﾞ Ａ", "ｶﾞ A");

    row("simplified", "chinese", "發展軟體與後臺，頭髮", "发展软体与后台，头发");
    row("traditional", "chinese:to=traditional", "汉语", "漢語");
    row("no Chinese", "chinese", "plain Ω", "plain Ω");

    row("spaces", "whitespace", "\u3000 a\u00A0\u00A0b \t c\u2009d\u3000", "a b c d");
    row("line ends", "whitespace", "a \r\n b\rc\u2028d\n\n\n\n\ne\n", "a\nb\nc\nd\n\ne");
    row("one line", "whitespace:line_ends=space", "a\r\n\r\nb", "a b");
    row("spaces within Chinese", "whitespace:between_chinese=true", "今 天 ， 天气 very good 吧",
        "今天，天气 very good 吧");
    row("only spaces", "whitespace", " \u3000\n", "");
    row("odd spaces kept", "whitespace:odd_spaces=false,collapse=false", "a\u3000b  c", "a\u3000b  c");

    row("controls", "invisible", std::string("a\0b\x1B[0m\tc\n\x7F", 11), "ab[0m\tc\n");
    row("zero width", "invisible", "a\u200Bb\uFEFFc\u00ADd\u2060e", "abcde");
    row("emoji joiner", "invisible", "👩\u200D💻 👩🏽\u200D🚀 ❤\uFE0F\u200D🔥 a\u200Db",
        "👩\u200D💻 👩🏽\u200D🚀 ❤\uFE0F\u200D🔥 ab");
    row("emoji joiner at an end", "invisible", "\u200D👩\u200D", "👩");
    row("Persian non-joiner", "invisible", "می\u200Cخواهم", "می\u200Cخواهم");
    row("Hindi joiner", "invisible", "क्\u200Dष", "क्\u200Dष");
    row("direction marks stay", "invisible", "\u200Fא\u202A", "\u200Fא\u202A");
    row("direction marks go", "invisible:direction=true", "\u200Fא\u202A", "א");

    row("markup", "html", "<p>Hello <b>world</b></p><script>x()</script><p>2 &lt; 3</p>", "Hello world\n\n2 < 3");
    row("no markup", "html", "if a < b and c > d: I <3 you\n\n  & so on; AT&T",
        "if a < b and c > d: I <3 you\n\n  & so on; AT&T");
    row("an address in angles", "html", "Bob <bob@example.org>", "Bob <bob@example.org>");
    row("an address in angles and markup", "html", "<b>Bob</b> <bob@example.org>", "Bob <bob@example.org>");
    row("entities only", "html", "a &amp; b\n\n  c &#20013;&#x6587; &lt;x&gt; &nope; &",
        "a & b\n\n  c 中文 <x> &nope; &");
    row("comparison that looks like a tag", "html", "a<b then c", "a<b then c");

    row("e-mail", "mask_email", "写信给zhang.san+a@mail.example.com.cn谢谢", "写信给[EMAIL]谢谢");
    row("e-mail at a sentence's end", "mask_email", "Ask 'bob_1@x-y.org'.", "Ask '[EMAIL]'.");
    row("e-mail in full width", "mask_email", "ａｂｃ＠ｑｑ．ｃｏｍ", "[EMAIL]");
    row("no e-mail", "mask_email", "a@b @user user@ x@1.2 3@5", "a@b @user user@ x@1.2 3@5");
    row("e-mail of digits", "mask_email\nmask_phone", "QQ邮箱13812345678@qq.com", "QQ邮箱[EMAIL]");

    row("mobile within Chinese", "mask_phone", "请拨打电话13812345678联系我", "请拨打电话[PHONE]联系我");
    row("mobile in full width", "mask_phone", "手机１３８１２３４５６７８。", "手机[PHONE]。");
    row("mobile in groups", "mask_phone", "138-1234-5678或139 8765 4321", "[PHONE]或[PHONE]");
    row("mobile with country code", "mask_phone", "+86 138 1234 5678, 0086-13812345678, 8613812345678",
        "[PHONE], [PHONE], [PHONE]");
    row("mobile behind a date", "mask_phone", "2024-01-15 13812345678", "2024-01-15 [PHONE]");
    row("landlines", "mask_phone", "010-62345678，(021)62345678转801、0571 88886666-12", "[PHONE]，[PHONE]、[PHONE]");
    row("landline in Chinese parentheses", "mask_phone", "（0755）26001234", "[PHONE]");
    row("international", "mask_phone", "+44 (0)20 7946 0018; +1-415-555-2671; +49 30 901820",
        "[PHONE]; [PHONE]; [PHONE]");
    row("North American", "mask_phone", "(415) 555-2671 or 415-555-2671", "[PHONE] or [PHONE]");
    row("order numbers are no phones", "mask_phone",
        "订单138123456789、20240115138123、SN13812345678、12345678901、4155552671、编号10086",
        "订单138123456789、20240115138123、SN13812345678、12345678901、4155552671、编号10086");
    row("amounts and dates are no phones", "mask_phone", "2024-01-15, 1+1234567, 3.1415926535, 100-200-3000",
        "2024-01-15, 1+1234567, 3.1415926535, 100-200-3000");
    row("unassigned country code", "mask_phone", "+999 1234 5678", "+999 1234 5678");

    row("ID number", "mask_id_number", "身份证11010519491231002X有效", "身份证[ID]有效");
    row("ID number, small x, full width", "mask_id_number", "１１０１０５１９４９１２３１００２ｘ", "[ID]");
    row("ID number in groups", "mask_id_number", "110105 19491231 002X", "[ID]");
    row("wrong check character", "mask_id_number", "110105194912310021", "110105194912310021");
    row("wrong date", "mask_id_number", "110105194902310028", "110105194902310028");
    row("wrong province", "mask_id_number", "100105194912310029", "100105194912310029");
    row("longer number", "mask_id_number", "1101051949123100211", "1101051949123100211");
    row("old ID number", "mask_id_number:old_form=true", "110105491231002", "[ID]");
    row("old ID number left alone", "mask_id_number", "110105491231002", "110105491231002");

    row("cards", "mask_bank_card", "卡号4111111111111111，3782 822463 10005, 6222-0212-3456-7894 2026",
        "卡号[CARD]，[CARD], [CARD] 2026");
    row("order numbers are no cards", "mask_bank_card", "4111111111111112 9111111111111111 20240115000000000",
        "4111111111111112 9111111111111111 20240115000000000");
    row("a card within letters", "mask_bank_card", "X4111111111111111", "X4111111111111111");

    row("IBAN", "mask_iban", "转到DE89370400440532013000或GB82 WEST 1234 5698 7654 32。", "转到[IBAN]或[IBAN]。");
    row("IBAN in small letters", "mask_iban", "fr1420041010050500013m02606", "[IBAN]");
    row("wrong IBANs", "mask_iban", "DE88370400440532013000 DE8937040044053201300 ZZ89370400440532013000",
        "DE88370400440532013000 DE8937040044053201300 ZZ89370400440532013000");

    row("IPv4", "mask_ip", "服务器192.168.1.20:8080，10.0.0.1.", "服务器[IP]:8080，[IP].");
    row("no IPv4", "mask_ip", "256.1.1.1 1.2.3 1.2.3.4.5 01.2.3.4", "256.1.1.1 1.2.3 1.2.3.4.5 01.2.3.4");
    row("IPv6", "mask_ip", "2001:db8::8a2e:370:7334, 地址：fe80::1。 ::ffff:192.0.2.128", "[IP], 地址：[IP]。 [IP]");
    row("no IPv6", "mask_ip", "12:30:45 std::vector a::b :: 1:2", "12:30:45 std::vector a::b :: 1:2");

    row("names", "mask_names:names=王小明\\,王小\\,Ann Lee", "王小明和王小，ANN LEE与Annabel，Ann Lees",
        "[NAME]和[NAME]，[NAME]与Annabel，Ann Lees");
    row("names by case", "mask_names:names=May,any_case=false", "May may", "[NAME] may");
    row("another placeholder", "mask_email:placeholder=<邮箱>", "a@b.cn", "<邮箱>");
}

void TestCleaningSteps::texts() {
    QFETCH(std::string, steps);
    QFETCH(std::string, text);
    QFETCH(std::string, expected);
    QCOMPARE(QString::fromStdString(after(steps, text)), QString::fromStdString(expected));
}

void TestCleaningSteps::filters_data() {
    QTest::addColumn<std::string>("steps");
    QTest::addColumn<std::string>("text");
    QTest::addColumn<bool>("keeps");
    const auto row = [](const char* name, const char* steps, const char* text, bool keeps) {
        QTest::newRow(name) << std::string(steps) << std::string(text) << keeps;
    };
    row("long enough", "length:min=3", "你好吗", true);
    row("too short", "length:min=3", "你好", false);
    row("too long", "length:min=0,max=3", "abcd", false);
    row("length after trimming", "whitespace\nlength:min=3", "  ab  ", false);
    row("Chinese with a brand name", "language", "我的 iPhone 坏了 12345", true);
    row("English", "language", "where is my card", false);
    row("English kept", "language:script=Latin,share=0.8", "where is my card", true);
    row("Chinese removed", "language:action=remove", "我的卡", false);
    row("Japanese", "language:script=Kana", "カードがありません", true);
    row("digits", "language", "123 !?", false);
    row("digits kept", "language:without_letters=keep", "123 !?", true);
}

void TestCleaningSteps::filters() {
    QFETCH(std::string, steps);
    QFETCH(std::string, text);
    QFETCH(bool, keeps);
    const auto cleaned = clean(steps, text);
    VERIFY_OK(cleaned);
    QCOMPARE(!cleaned->removedBy.has_value(), keeps);
}

void TestCleaningSteps::maskedPartsAreInCodePoints() {
    const std::string text = "👩‍💻電話１３８１２３４５６７８，a@b.cn";
    const auto cleaned = clean("mask_phone\nmask_email", text);
    VERIFY_OK(cleaned);
    QCOMPARE(cleaned->text, std::string("👩‍💻電話[PHONE]，[EMAIL]"));
    QCOMPARE(cleaned->masked.size(), std::size_t(2));
    const MaskedPart& phone = cleaned->masked[0];
    QCOMPARE(phone.begin, 5);
    QCOMPARE(phone.end, 16);
    QCOMPARE(phone.original, std::string("１３８１２３４５６７８"));
    QCOMPARE(toUtf8(toCodePoints(text).substr(5, 11)), phone.original);
    QCOMPARE(cleaned->masked[1].step, std::size_t(1));
    QCOMPARE(cleaned->masked[1].begin, 13);  // in the text as the second step met it
}

void TestCleaningSteps::checkDigits() {
    QVERIFY(detail::isResidentId("11010519491231002X"));           // the standard's own example
    QVERIFY(detail::isResidentId("440524188001010014") == false);  // its other one: born before 1900
    QVERIFY(detail::passesLuhn("4539578763621486"));
    QVERIFY(!detail::passesLuhn("4539578763621487"));
    QVERIFY(detail::isIban("MT84MALT011000012345MTLCAST001S"));
    QVERIFY(detail::isIban("NO9386011117947"));
    QVERIFY(!detail::isIban("NO9386011117948"));
}

void TestCleaningSteps::maskingOnceIsEnough() {
    const std::string steps = "mask_email\nmask_id_number\nmask_iban\nmask_bank_card\nmask_phone\nmask_ip";
    const std::string text = "a@b.cn 11010519491231002X DE89370400440532013000 4111111111111111 13812345678 10.0.0.1";
    const std::string once = after(steps, text);
    QCOMPARE(once, std::string("[EMAIL] [ID] [IBAN] [CARD] [PHONE] [IP]"));
    QCOMPARE(after(steps, once), once);
}

void TestCleaningSteps::namesFromAFile() {
    const TempFolder folder;
    writeBytes(folder.path() / "names.txt", "李雷\r\n韩梅梅\n");
    QCOMPARE(after("mask_names:file=" + (folder.path() / "names.txt").string(), "李雷喜欢韩梅梅"),
             std::string("[NAME]喜欢[NAME]"));
    QVERIFY(after("mask_names:file=" + (folder.path() / "none.txt").string(), "x").starts_with("error: "));
    QVERIFY(after("mask_names", "x").find("no names") != std::string::npos);
}

void TestCleaningSteps::recipesAreKeptAsJson() {
    const auto registry = makeCleaningRegistry();
    CleaningRecipe recipe;
    for (const char* step : {"width:punctuation=true", "length:min=4,max=100", "mask_names:names=a\\,b"})
        recipe.steps.push_back(recipeStepFrom(step, registry).value());
    const auto read = recipeFrom(parseJson(toLine(toJson(recipe)), "recipe").value(), registry);
    VERIFY_OK(read);
    QVERIFY(*read == recipe);
    QCOMPARE(read->steps[2].options["names"].get<std::string>(), std::string("a,b"));
}

void TestCleaningSteps::wrongRecipesAreRefused() {
    const auto registry = makeCleaningRegistry();
    const auto refused = [&](const char* json) {
        const auto recipe = recipeFrom(parseJson(json, "recipe").value(), registry);
        return recipe ? std::string() : recipe.error().message;
    };
    QVERIFY(refused(R"({"steps":[{"step":"wash"}]})").find("wash") != std::string::npos);
    QVERIFY(refused(R"({"steps":[{"step":"length","options":{"min":-1}}]})").find("min") != std::string::npos);
    QVERIFY(refused(R"({"steps":[{"step":"length","options":{"shortest":1}}]})").find("shortest") != std::string::npos);
    QVERIFY(!refused(R"([1])").empty());
    QVERIFY(!recipeStepFrom("length:shortest=2", registry));
    QVERIFY(!recipeStepFrom("length:min", registry));
    QVERIFY(!Cleaner::make(registry, {}));
    CleaningRecipe crossed;
    crossed.steps.push_back({"length", {{"min", 10}, {"max", 5}}});
    QVERIFY(!Cleaner::make(registry, crossed));
}

QTEST_GUILESS_MAIN(TestCleaningSteps)
#include "tst_cleaning_steps.moc"
