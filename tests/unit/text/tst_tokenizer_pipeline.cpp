// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// tokenizer.json's parts by hand: what they refuse, what the fast ways must have in common with the slow ones, cutting
// and padding, streaming of characters that span tokens. The many cases against the reference are in tests/golden/text.
#include <QTest>

#include <chrono>
#include <random>

#include "core/files.h"
#include "core/json.h"
#include "core/utf8.h"
#include "support/temp_folder.h"
#include "text/aligned_text.h"
#include "text/encoding_tools.h"
#include "text/pattern.h"
#include "text/tokenizer.h"
#include "text/unicode/charsmap.h"
#include "text/unicode/graphemes.h"
#include "text/unicode/lossy_utf8.h"
#include "text/unicode/normal_form.h"

using namespace lathe;
using namespace lathe::text;

namespace {

using Ids = std::vector<TokenId>;
using Offsets = std::vector<Offset>;

/// A byte-level BPE of single bytes and a few pairs.
Json byteLevelJson() {
    Json vocab = Json::object();
    int id = 0;
    for (const char* token : {"a", "b", "Ġ", "Ġa", "ab", "ä", "½", "ł", "ä½", "ä½ł", "h", "i"})
        vocab[token] = id++;
    return {{"added_tokens", Json::array({{{"id", 12}, {"content", "<|end|>"}, {"special", true}}})},
            {"pre_tokenizer", {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", true}}},
            {"post_processor", {{"type", "ByteLevel"}, {"trim_offsets", true}, {"add_prefix_space", false}}},
            {"decoder", {{"type", "ByteLevel"}}},
            {"model",
             {{"type", "BPE"},
              {"vocab", vocab},
              {"merges", Json::array({"Ġ a", Json::array({"a", "b"}), "ä ½", Json::array({"ä½", "ł"})})}}}};
}

Result<std::shared_ptr<const Tokenizer>> load(const Json& json, const Json& config = Json::object()) {
    const test::TempFolder folder;
    if (!writeJsonFile(folder.path() / "tokenizer.json", json))
        return fail(ErrorCode::Io, "not written");
    if (!config.empty() && !writeJsonFile(folder.path() / "tokenizer_config.json", config))
        return fail(ErrorCode::Io, "not written");
    return loadTokenizer(folder.path());
}

std::string randomText(std::mt19937& random, std::size_t characters) {
    static const std::u32string common = U"ab Z'sStTlLvVeErRdDmM  \t\r\n\n12²Ⅳ,.!?é信用\u3000\u00a0\u2028ſ👍\u0301";
    std::u32string text;
    while (text.size() < characters) {
        char32_t c = common[random() % common.size()];
        if (random() % 8 == 0)
            c = random() % 0x3000;
        if (c == 0x897 || c == 0x1C89 || c == 0x1C8A)
            c = U'n';  // newer than the regular expressions' ICU
        text += c;
    }
    return toUtf8(text);
}

}  // namespace

class TestTokenizerPipeline : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void byteLevel();
    void charactersAreStreamedWhole();
    void namedTokensOfTheConfig();
    void unknownPartsAreNamed_data();
    void unknownPartsAreNamed();
    void brokenParts_data();
    void brokenParts();
    void scannersAreTheirPatterns_data();
    void scannersAreTheirPatterns();
    void splitBehaviours();
    void alignment();
    void normalForms();
    void graphemes();
    void lossyText();
    void brokenCharacterMaps();
    void badUtf8();
    void cutting();
    void padding();
    void longTexts();
};

void TestTokenizerPipeline::byteLevel() {
    const auto t = load(byteLevelJson());
    QVERIFY2(t, t ? "" : t.error().message.c_str());
    QCOMPARE((*t)->kind(), std::string("bpe"));
    QCOMPARE((*t)->vocabSize(), 13);
    const Encoding e = (*t)->encode("ab a<|end|>你a", true, true);
    QVERIFY((e.ids == Ids{4, 3, 12, 9, 0}));
    QVERIFY((e.offsets == Offsets{{0, 2}, {3, 4}, {4, 11}, {11, 12}, {12, 13}}));
    QVERIFY((e.sequences == std::vector<std::int8_t>{0, 0, 0, 0, 0}));
    QCOMPARE((*t)->decode(e.ids), std::string("ab a你a"));
    QCOMPARE((*t)->decode(e.ids, false), std::string("ab a<|end|>你a"));
    const Encoding pair = (*t)->encodePairWith("a", "b", false, true);
    QVERIFY((pair.ids == Ids{0, 1}));
    QVERIFY((pair.typeIds == std::vector<std::int32_t>{0, 1}));
    QVERIFY((pair.sequences == std::vector<std::int8_t>{0, 1}));
}

void TestTokenizerPipeline::charactersAreStreamedWhole() {
    const auto t = *load(byteLevelJson());
    // The three bytes of one character: nothing that is no text comes out before the last of them.
    QCOMPARE(t->decode({5}), std::string("\uFFFD"));
    QCOMPARE(t->decode({5, 6}), std::string("\uFFFD"));
    QCOMPARE(t->decode({5, 6, 7}), std::string("你"));
    QCOMPARE(t->decode({8, 7}), std::string("你"));
}

void TestTokenizerPipeline::namedTokensOfTheConfig() {
    const Json config{{"eos_token", "<|end|>"},
                      {"pad_token", {{"content", "h"}}},
                      {"add_eos_token", true},
                      {"added_tokens_decoder", {{"13", {{"content", "<new>"}, {"special", true}}}}}};
    const auto t = load(byteLevelJson(), config);
    QVERIFY2(t, t ? "" : t.error().message.c_str());
    QCOMPARE((*t)->special().eos, 12);
    QCOMPARE((*t)->special().pad, 10);
    QCOMPARE((*t)->special().bos, -1);
    QVERIFY(((*t)->encode("a<new>h").ids == Ids{0, 13, 10, 12}));
    QCOMPARE((*t)->decode({0, 13, 10, 12}), std::string("a"));
}

void TestTokenizerPipeline::unknownPartsAreNamed_data() {
    QTest::addColumn<QString>("key");
    for (const char* key : {"normalizer", "pre_tokenizer", "post_processor", "decoder", "model"})
        QTest::newRow(key) << QString::fromUtf8(key);
}

void TestTokenizerPipeline::unknownPartsAreNamed() {
    QFETCH(QString, key);
    Json json = byteLevelJson();
    json[key.toStdString()] = {{"type", "FromTomorrow"}};
    const auto t = load(json);
    QVERIFY(!t);
    QCOMPARE(int(t.error().code), int(ErrorCode::Unsupported));
    QVERIFY2(t.error().message.find("FromTomorrow") != std::string::npos, t.error().message.c_str());
    QVERIFY2(t.error().message.find(key.toStdString()) != std::string::npos, t.error().message.c_str());
}

void TestTokenizerPipeline::brokenParts_data() {
    QTest::addColumn<QByteArray>("patch");
    const auto row = [](const char* name, const char* patch) { QTest::newRow(name) << QByteArray(patch); };
    row("no model", R"({"model": null})");
    row("model a list", R"({"model": [1]})");
    row("merge of nothing", R"({"model": {"merges": ["a x"]}})");
    row("merge of three", R"({"model": {"merges": ["a b a"]}})");
    row("merge a number", R"({"model": {"merges": [7]}})");
    row("merge result missing", R"({"model": {"merges": [["b", "a"]]}})");
    row("id negative", R"({"model": {"vocab": {"x": -1}}})");
    row("id huge", R"({"model": {"vocab": {"x": 4611686018427387904}}})");
    row("unknown token missing", R"({"model": {"unk_token": "<unk>"}})");
    row("unigram without numbers", R"({"model": {"type": "Unigram", "vocab": [["a", "b"]]}})");
    row("unigram empty", R"({"model": {"type": "Unigram", "vocab": []}})");
    row("unigram unknown outside", R"({"model": {"type": "Unigram", "vocab": [["a", -1]], "unk_id": 9}})");
    row("regex", R"({"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "(a"}, "behavior": "Isolated"}})");
    row("behaviour", R"({"pre_tokenizer": {"type": "Split", "pattern": {"String": "a"}, "behavior": "Eaten"}})");
    row("pattern missing", R"({"pre_tokenizer": {"type": "Split", "behavior": "Isolated"}})");
    row("length zero", R"({"pre_tokenizer": {"type": "FixedLength", "length": 0}})");
    row("flag a text", R"({"pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": "yes"}})");
    row("metaspace of two", R"({"pre_tokenizer": {"type": "Metaspace", "replacement": "__"}})");
    row("metaspace scheme", R"({"pre_tokenizer": {"type": "Metaspace", "prepend_scheme": "often"}})");
    row("charsmap", R"({"normalizer": {"type": "Precompiled", "precompiled_charsmap": "%%"}})");
    row("charsmap size", R"({"normalizer": {"type": "Precompiled", "precompiled_charsmap": "////fw=="}})");
    row("template token", R"({"post_processor": {"type": "TemplateProcessing", "single":
        [{"SpecialToken": {"id": "x", "type_id": 0}}], "pair": [], "special_tokens": {}}})");
    row("template id outside", R"({"post_processor": {"type": "BertProcessing", "sep": ["a", 1], "cls": ["x", 99]}})");
    row("added id", R"({"added_tokens": [{"id": 2000000000, "content": "y"}]})");
    row("added without content", R"({"added_tokens": [{"id": 20}]})");
    row("padding huge", R"({"padding": {"strategy": {"Fixed": 99999999999}}})");
}

void TestTokenizerPipeline::brokenParts() {
    QFETCH(QByteArray, patch);
    Json json = byteLevelJson();
    const auto parsed = parseJson(patch.toStdString(), "patch");
    QVERIFY(parsed);
    for (const auto& [key, value] : parsed->items()) {
        const bool merges = value.is_object() && !value.contains("type") && json.contains(key);
        if (!merges) {
            json[key] = value;
            continue;
        }
        for (const auto& [inner, part] : value.items())
            json[key][inner] = part;
    }
    const auto t = load(json);
    QVERIFY(!t);
    QVERIFY2(t.error().code == ErrorCode::InvalidInput || t.error().code == ErrorCode::Parse,
             t.error().message.c_str());
    QVERIFY(!t.error().message.empty());
}

void TestTokenizerPipeline::scannersAreTheirPatterns_data() {
    QTest::addColumn<QString>("pattern");
    QTest::newRow("gpt2") << QString::fromUtf8(kGpt2Pattern.data(), qsizetype(kGpt2Pattern.size()));
    for (const char* digits : {"\\p{N}{1,3}", "\\p{N}"})
        QTest::newRow(digits) << QStringLiteral(
                                     "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|%1| "
                                     "?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+")
                                     .arg(QString::fromUtf8(digits));
}

void TestTokenizerPipeline::scannersAreTheirPatterns() {
    QFETCH(QString, pattern);
    QVERIFY(SplitScanner::forPattern(pattern.toStdString()));
    const auto fast = Pattern::ofRegex(pattern.toStdString(), "test");
    const auto slow = Pattern::ofRegex(pattern.toStdString(), "test", false);
    QVERIFY(fast && slow);
    std::mt19937 random(29);
    std::vector<PatternPart> one, other;
    for (int round = 0; round < 4000; ++round) {
        const std::string text = randomText(random, random() % 30);
        fast->parts(text, one);
        slow->parts(text, other);
        QCOMPARE(one.size(), other.size());
        for (std::size_t i = 0; i < one.size(); ++i)
            QVERIFY2(one[i].begin == other[i].begin && one[i].end == other[i].end, text.c_str());
    }
}

void TestTokenizerPipeline::splitBehaviours() {
    const Pattern dash = Pattern::ofText("-");
    const auto split = [&](SplitBehavior behavior) {
        const std::string_view text = "the-final--countdown";
        std::vector<PatternPart> parts;
        dash.parts(text, parts);
        applyBehavior(behavior, parts);
        std::string out;
        for (const PatternPart& part : parts)
            out += "[" + std::string(text.substr(part.begin, part.end - part.begin)) + "]";
        return out;
    };
    QCOMPARE(split(SplitBehavior::Removed), std::string("[the][final][countdown]"));
    QCOMPARE(split(SplitBehavior::Isolated), std::string("[the][-][final][-][-][countdown]"));
    QCOMPARE(split(SplitBehavior::MergedWithPrevious), std::string("[the-][final-][-][countdown]"));
    QCOMPARE(split(SplitBehavior::MergedWithNext), std::string("[the][-final][-][-countdown]"));
    QCOMPARE(split(SplitBehavior::Contiguous), std::string("[the][-][final][--][countdown]"));
}

void TestTokenizerPipeline::alignment() {
    AlignedText text;
    text.assign("xaéb", 1, 5, true);  // a, é of two bytes, b
    QVERIFY((text.span(1, 3) == Span{2, 4}));
    QVERIFY((text.span(2, 3) == Span{2, 4}));
    text.transform({{U'A', 0}, {U'+', 1}, {U'B', -1}});
    QCOMPARE(text.text(), std::string_view("A+B"));
    QVERIFY((text.span(0, 1) == Span{1, 2}));
    QVERIFY((text.span(1, 2) == Span{1, 2}));
    QVERIFY((text.span(2, 3) == Span{2, 4}));
    text.prepend("▁");
    QCOMPARE(text.text(), std::string_view("▁A+B"));
    QVERIFY((text.span(0, 3) == Span{1, 2}));
}

void TestTokenizerPipeline::normalForms() {
    const auto formed = [](std::string_view given, NormalForm form) {
        AlignedText text;
        text.assign(given, 0, given.size(), true);
        text::normalize(text, form);
        return std::string(text.text());
    };
    QCOMPARE(formed("e\u0301 \uac01 \u212b", NormalForm::Nfc), std::string("\u00e9 \uac01 \u00c5"));
    QCOMPARE(formed("\u00e9\uac01", NormalForm::Nfd), std::string("e\u0301\u1100\u1161\u11a8"));
    QCOMPARE(formed("ﬁ ½ Ａ", NormalForm::Nfkc), std::string("fi 1\u20442 A"));
    QCOMPARE(formed("o\u0302\u0323", NormalForm::Nfc), std::string("\u1ed9"));
    QCOMPARE(formed("q\u0301\u0323", NormalForm::Nfd), std::string("q\u0323\u0301"));
    QCOMPARE(formed("plain", NormalForm::Nfkd), std::string("plain"));
}

void TestTokenizerPipeline::graphemes() {
    for (const char* one : {"a", "\r\n", "e\u0301", "👨\u200d👩\u200d👧", "🇩🇪", "각", "\u1100\u1161\u11a8", "👍🏽"}) {
        const std::string text = std::string(one) + "x";
        QVERIFY2(graphemeEnd(text, 0) == text.size() - 1, one);
    }
    QCOMPARE(graphemeEnd("🇩🇪🇫🇷", 0), std::size_t(8));
    QCOMPARE(graphemeEnd("\n\u0301", 0), std::size_t(1));
}

void TestTokenizerPipeline::lossyText() {
    QCOMPARE(lossyUtf8("ok"), std::string("ok"));
    QCOMPARE(lossyUtf8("\xE4\xBDz"), std::string("\uFFFDz"));
    QCOMPARE(lossyUtf8("\xE4z\xF0\x9F\x98"), std::string("\uFFFDz\uFFFD"));
    QCOMPARE(lossyUtf8("\xED\xA0\x80"), std::string("\uFFFD\uFFFD\uFFFD"));
    QCOMPARE(lossyUtf8("\xC0\x80\xFF"), std::string("\uFFFD\uFFFD\uFFFD"));
}

void TestTokenizerPipeline::brokenCharacterMaps() {
    std::mt19937 random(3);
    int parsed = 0;
    for (int round = 0; round < 3000; ++round) {
        std::string bytes(4 + 4 * (1 + random() % 40) + random() % 20, '\0');
        for (char& byte : bytes)
            byte = static_cast<char>(random() % 128);
        const auto units = static_cast<std::uint32_t>((bytes.size() - 4) / 4 * 4);
        bytes[0] = static_cast<char>(units), bytes[1] = bytes[2] = bytes[3] = '\0';
        const auto map = CharsMap::parse(bytes, "test");
        if (!map)
            continue;
        ++parsed;
        map->prefixes("hello world", [](std::size_t, std::string_view) { return true; });
    }
    QVERIFY(parsed > 100);
}

void TestTokenizerPipeline::badUtf8() {
    const auto t = *load(byteLevelJson());
    const Encoding e = t->encode(
        "\xFF"
        "a\xE4\xBD"
        "b",
        true, true);
    // Each bad byte is U+FFFD, of whose three bytes this vocabulary has the last; the others take no room in their
    // word.
    QVERIFY((e.ids == Ids{6, 0, 6, 6, 1}));
    QVERIFY((e.offsets == Offsets{{0, 1}, {1, 2}, {2, 3}, {2, 3}, {4, 5}}));
}

void TestTokenizerPipeline::cutting() {
    const auto make = [](int first, int second) {
        Encoding e;
        const auto add = [&](TokenId id, std::int8_t sequence) {
            e.ids.push_back(id);
            e.typeIds.push_back(sequence > 0 ? 1 : 0);
            e.sequences.push_back(sequence);
        };
        add(1000, -1);
        for (int i = 0; i < first; ++i)
            add(i, 0);
        add(1001, -1);
        for (int i = 0; i < second; ++i)
            add(100 + i, 1);
        if (second > 0)
            add(1002, -1);
        return e;
    };
    Encoding e = make(10, 2);
    QVERIFY(truncate(e, {.maxTokens = 9}));
    QVERIFY((e.ids == Ids{1000, 0, 1, 2, 3, 1001, 100, 101, 1002}));
    QCOMPARE(e.typeIds.size(), e.ids.size());
    e = make(10, 9);
    QVERIFY(truncate(e, {.maxTokens = 8}));
    QVERIFY((e.ids == Ids{1000, 0, 1, 2, 1001, 100, 101, 1002}));
    e = make(10, 2);
    QVERIFY(truncate(e, {.maxTokens = 9, .strategy = TruncationStrategy::OnlyFirst, .side = Side::Left}));
    QVERIFY((e.ids == Ids{1000, 6, 7, 8, 9, 1001, 100, 101, 1002}));
    QVERIFY(!truncate(e, {.maxTokens = 5, .strategy = TruncationStrategy::OnlySecond}));
    QVERIFY(!truncate(e, {.maxTokens = 2}));
    QCOMPARE(e.ids.size(), std::size_t(9));
    QVERIFY(truncate(e, {.maxTokens = 3}));
    QVERIFY((e.ids == Ids{1000, 1001, 1002}));
}

void TestTokenizerPipeline::padding() {
    std::vector<Encoding> batch(2);
    batch[0].ids = {1, 2, 3};
    batch[0].typeIds = {0, 0, 1};
    batch[1].ids = {4};
    batch[1].typeIds = {0};
    auto masks = pad(batch, {.length = std::nullopt, .multipleOf = 4, .id = 9, .typeId = 2});
    QVERIFY((batch[0].ids == Ids{1, 2, 3, 9}));
    QVERIFY((batch[1].ids == Ids{4, 9, 9, 9}));
    QVERIFY((batch[1].typeIds == std::vector<std::int32_t>{0, 2, 2, 2}));
    QVERIFY((masks[1] == std::vector<std::int32_t>{1, 0, 0, 0}));
    masks = pad(batch, {.length = 5, .side = Side::Left, .id = 7});
    QVERIFY((batch[1].ids == Ids{7, 4, 9, 9, 9}));
    QVERIFY((masks[0] == std::vector<std::int32_t>{0, 1, 1, 1, 1}));
    QVERIFY(batch[0].offsets.empty());
}

void TestTokenizerPipeline::longTexts() {
    const auto t = *load(byteLevelJson());
    const auto seconds = [&](const std::string& text) {
        const auto start = std::chrono::steady_clock::now();
        t->encode(text, true, true);
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    // One word of a million letters; one of a million spaces; brackets that begin an added token and do not go on.
    for (const char* unit : {"ab", "  ", "<|", "你"}) {
        std::string text;
        while (text.size() < 1'000'000)
            text += unit;
        const double quarter = seconds(text.substr(0, 249'999));
        const double whole = seconds(text);
        QVERIFY2(whole < 16 * quarter + 0.2, unit);
    }
}

QTEST_GUILESS_MAIN(TestTokenizerPipeline)
#include "tst_tokenizer_pipeline.moc"
