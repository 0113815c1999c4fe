// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// WordPiece by hand: vocabularies of a dozen tokens, each case worked out on paper.
#include <QTest>

#include <chrono>
#include <fstream>

#include "core/files.h"
#include "core/json.h"
#include "support/temp_folder.h"
#include "text/bert_characters.h"
#include "text/tokenizer.h"
#include "text/vocabulary.h"

using namespace lathe;
using namespace lathe::text;

namespace {

const std::vector<std::string> kTokens{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "un", "##aff", "##able", "aff",
                                       ",",     "信",    "用",    "##用",  "hello",  "ä",  "a",     "##a",    "!"};

/// A tokenizer.json of the usual shape over \p tokens, changed by \p edit.
template <class Edit>
Json tokenizerJson(const Edit& edit) {
    Json vocab = Json::object();
    for (std::size_t id = 0; id < kTokens.size(); ++id)
        vocab[kTokens[id]] = id;
    Json added = Json::array();
    for (int id = 0; id < 5; ++id)
        added.push_back({{"id", id},
                         {"content", kTokens[std::size_t(id)]},
                         {"single_word", false},
                         {"lstrip", false},
                         {"rstrip", false},
                         {"normalized", false},
                         {"special", true}});
    Json json{{"version", "1.0"},
              {"added_tokens", added},
              {"normalizer",
               {{"type", "BertNormalizer"},
                {"clean_text", true},
                {"handle_chinese_chars", true},
                {"strip_accents", nullptr},
                {"lowercase", true}}},
              {"pre_tokenizer", {{"type", "BertPreTokenizer"}}},
              {"post_processor", {{"type", "BertProcessing"}, {"sep", {"[SEP]", 3}}, {"cls", {"[CLS]", 2}}}},
              {"decoder", {{"type", "WordPiece"}, {"prefix", "##"}, {"cleanup", true}}},
              {"model",
               {{"type", "WordPiece"},
                {"unk_token", "[UNK]"},
                {"continuing_subword_prefix", "##"},
                {"max_input_chars_per_word", 100},
                {"vocab", vocab}}}};
    edit(json);
    return json;
}

template <class Edit>
Result<std::shared_ptr<const Tokenizer>> make(const Edit& edit) {
    const test::TempFolder folder;
    if (auto written = writeJsonFile(folder.path() / "tokenizer.json", tokenizerJson(edit)); !written)
        return fail(written.error());
    return loadTokenizer(folder.path());
}
Result<std::shared_ptr<const Tokenizer>> make() {
    return make([](Json&) {});
}

using Ids = std::vector<TokenId>;
using Offsets = std::vector<Offset>;

}  // namespace

class TestWordPiece : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void longestPiecesFirst();
    void caseAndAccents();
    void chineseCharacters();
    void unknownWords();
    void offsetsOfExpandedCharacters();
    void pairAndTypes();
    void addedTokens();
    void addedTokensInsideWords();
    void spaceEatingTokens();
    void decodes();
    void vocabularyFile();
    void componentsAreRefusedByName_data();
    void componentsAreRefusedByName();
    void brokenFiles_data();
    void brokenFiles();
    void specialTokensAndLookUps();
    void badUtf8();
    void stringTable();
    void characterKinds();
    void savesWhatItRead();
};

void TestWordPiece::longestPiecesFirst() {
    const auto t = *make();
    const Encoding e = t->encode("unaffable, unaff", false, true);
    QVERIFY((e.ids == Ids{5, 6, 7, 9, 5, 6}));
    QVERIFY((e.offsets == Offsets{{0, 2}, {2, 5}, {5, 9}, {9, 10}, {11, 13}, {13, 16}}));
    QVERIFY((t->encode("unaffable").ids == Ids{2, 5, 6, 7, 3}));
    QVERIFY((t->encode("").ids == Ids{2, 3}));
    QVERIFY(t->encode("", false).ids.empty());
}

void TestWordPiece::caseAndAccents() {
    const auto folded = *make();
    QVERIFY((folded->encode("HELLO Ä", false).ids == Ids{13, 15}));
    // strip_accents null follows lowercase; said, it is obeyed.
    const auto kept = *make([](Json& j) { j["normalizer"]["strip_accents"] = false; });
    QVERIFY((kept->encode("Ä", false).ids == Ids{14}));
    const auto cased = *make([](Json& j) { j["normalizer"]["lowercase"] = false; });
    QVERIFY((cased->encode("Hello ä hello", false).ids == Ids{1, 14, 13}));
    const auto plain = *make([](Json& j) { j["normalizer"] = nullptr; });
    QVERIFY((plain->encode("hello Hello", false).ids == Ids{13, 1}));
}

void TestWordPiece::chineseCharacters() {
    const auto alone = *make();
    QVERIFY((alone->encode("信用", false).ids == Ids{10, 11}));
    const auto joined = *make([](Json& j) { j["normalizer"]["handle_chinese_chars"] = false; });
    QVERIFY((joined->encode("信用", false).ids == Ids{10, 12}));
    QVERIFY((alone->encode("hello信hello", false).ids == Ids{13, 10, 13}));
}

void TestWordPiece::unknownWords() {
    const auto t = *make();
    const Encoding e = t->encode("hellx aaa", false, true);
    QVERIFY((e.ids == Ids{1, 15, 16, 16}));
    QVERIFY((e.offsets[0] == Offset{0, 5}));
    const auto shorter = *make([](Json& j) { j["model"]["max_input_chars_per_word"] = 3; });
    QVERIFY((shorter->encode("aaa aaaa", false).ids == Ids{15, 16, 16, 1}));
}

void TestWordPiece::offsetsOfExpandedCharacters() {
    const auto t = *make();
    // A letter with two combining marks, a zero-width space and a soft hyphen inside a word.
    const Encoding e = t->encode("a\u0301\u0302 h\u200bel\u00adlo!", false, true);
    QVERIFY((e.ids == Ids{15, 13, 17}));
    QVERIFY((e.offsets == Offsets{{0, 1}, {4, 11}, {11, 12}}));
}

void TestWordPiece::pairAndTypes() {
    const auto t = *make();
    const Encoding e = t->encodePair("hello", "信");
    QVERIFY((e.ids == Ids{2, 13, 3, 10, 3}));
    QVERIFY((e.typeIds == std::vector<std::int32_t>{0, 0, 0, 1, 1}));
    const auto bare = *make([](Json& j) { j["post_processor"] = nullptr; });
    QVERIFY((bare->encodePair("hello", "信").ids == Ids{13, 10}));
    QVERIFY((bare->encode("hello").ids == Ids{13}));
}

void TestWordPiece::addedTokens() {
    const auto t = *make();
    const Encoding e = t->encode("hello[MASK]hello [mask]", false, true);
    // Upper case is the token; lower case is brackets and letters without pieces.
    QVERIFY((e.ids == Ids{13, 4, 13, 1, 1, 1}));
    QVERIFY((e.offsets[1] == Offset{5, 11}));
    QVERIFY((e.offsets[2] == Offset{11, 16}));
    const auto longest = *make([](Json& j) {
        j["added_tokens"].push_back({{"id", 18}, {"content", "[MASK]X"}, {"special", false}, {"normalized", false}});
    });
    QVERIFY((longest->encode("[MASK]X[MASK]", false).ids == Ids{18, 4}));
    QCOMPARE(longest->vocabSize(), 19);
}

void TestWordPiece::addedTokensInsideWords() {
    const auto t = *make([](Json& j) {
        j["added_tokens"].push_back(
            {{"id", 18}, {"content", "aff"}, {"single_word", true}, {"normalized", false}, {"special", false}});
    });
    QVERIFY((t->encode("unaffable", false).ids == Ids{5, 6, 7}));
    QVERIFY((t->encode("un aff,", false).ids == Ids{5, 18, 9}));
}

void TestWordPiece::spaceEatingTokens() {
    const auto t = *make([](Json& j) {
        j["added_tokens"][4]["lstrip"] = true;
        j["added_tokens"][4]["rstrip"] = true;
    });
    const Encoding e = t->encode("a  [MASK] \u3000hello", false, true);
    QVERIFY((e.ids == Ids{15, 4, 13}));
    QVERIFY((e.offsets == Offsets{{0, 1}, {1, 11}, {11, 16}}));
}

void TestWordPiece::decodes() {
    const auto t = *make();
    QCOMPARE(t->decode({2, 5, 6, 7, 9, 13, 17, 3}), std::string("unaffable, hello!"));
    QCOMPARE(t->decode({2, 13, 3}, false), std::string("[CLS] hello [SEP]"));
    QCOMPARE(t->decode({}), std::string());
    QCOMPARE(t->decode({-1, 13, 9999}), std::string("hello"));
    const auto raw = *make([](Json& j) { j["decoder"]["cleanup"] = false; });
    QCOMPARE(raw->decode({13, 17}), std::string("hello !"));
    const auto none = *make([](Json& j) { j["decoder"] = nullptr; });
    QCOMPARE(none->decode({5, 6}), std::string("un ##aff"));
}

void TestWordPiece::vocabularyFile() {
    const test::TempFolder folder;
    std::string vocabulary;
    for (const std::string& token : kTokens)
        vocabulary += token + "\r\n";
    QVERIFY(writeFileAtomically(folder.path() / "vocab.txt", vocabulary));
    const auto t = loadTokenizer(folder.path());
    QVERIFY2(t, t ? "" : t.error().message.c_str());
    QVERIFY(((*t)->encode("UNAFFABLE 信").ids == Ids{2, 5, 6, 7, 10, 3}));
    QCOMPARE((*t)->vocabSize(), int(kTokens.size()));
    QVERIFY(writeFileAtomically(folder.path() / "tokenizer_config.json",
                                R"({"do_lower_case": false, "cls_token": {"content": "[MASK]"}})"));
    const auto cased = loadTokenizer(folder.path());
    QVERIFY(cased);
    QVERIFY(((*cased)->encode("UN un ä").ids == Ids{4, 1, 5, 14, 3}));
}

void TestWordPiece::componentsAreRefusedByName_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("type");
    for (const char* key : {"normalizer", "pre_tokenizer", "post_processor", "decoder", "model"})
        QTest::newRow(key) << QString::fromUtf8(key) << QStringLiteral("Whatever");
}

void TestWordPiece::componentsAreRefusedByName() {
    QFETCH(QString, key);
    QFETCH(QString, type);
    const auto t = make([&](Json& j) { j[key.toStdString()]["type"] = type.toStdString(); });
    QVERIFY(!t);
    QCOMPARE(int(t.error().code), int(ErrorCode::Unsupported));
    QVERIFY2(t.error().message.find(type.toStdString()) != std::string::npos, t.error().message.c_str());
}

void TestWordPiece::brokenFiles_data() {
    QTest::addColumn<QString>("what");
    for (const char* what :
         {"unknown token missing", "id negative", "id huge", "id text", "vocab empty", "vocab a list",
          "template names nothing", "added id huge", "added without content", "cls outside", "wrong flag type"})
        QTest::newRow(what) << QString::fromUtf8(what);
}

void TestWordPiece::brokenFiles() {
    QFETCH(QString, what);
    const auto t = make([&](Json& j) {
        Json& vocab = j["model"]["vocab"];
        if (what == "unknown token missing")
            j["model"]["unk_token"] = "<unk>";
        else if (what == "id negative")
            vocab["x"] = -4;
        else if (what == "id huge")
            vocab["x"] = std::int64_t(1) << 60;
        else if (what == "id text")
            vocab["x"] = "7";
        else if (what == "vocab empty")
            vocab = Json::object();
        else if (what == "vocab a list")
            vocab = Json::array({1, 2});
        else if (what == "template names nothing")
            j["post_processor"] = {{"type", "TemplateProcessing"},
                                   {"single", {{{"SpecialToken", {{"id", "[X]"}, {"type_id", 0}}}}}},
                                   {"pair", Json::array()},
                                   {"special_tokens", Json::object()}};
        else if (what == "added id huge")
            j["added_tokens"][0]["id"] = 2000000000;
        else if (what == "added without content")
            j["added_tokens"][0].erase("content");
        else if (what == "cls outside")
            j["post_processor"]["cls"][1] = 500;
        else if (what == "wrong flag type")
            j["normalizer"]["lowercase"] = "yes";
    });
    QVERIFY(!t);
    QVERIFY(t.error().code == ErrorCode::InvalidInput || t.error().code == ErrorCode::Parse);
    QVERIFY(t.error().message.find("tokenizer.json") != std::string::npos || what == "unknown token missing");
}

void TestWordPiece::specialTokensAndLookUps() {
    const auto t = *make();
    QCOMPARE(t->kind(), std::string("wordpiece"));
    const SpecialTokens s = t->special();
    QCOMPARE(s.pad, 0);
    QCOMPARE(s.unknown, 1);
    QCOMPARE(s.cls, 2);
    QCOMPARE(s.sep, 3);
    QCOMPARE(s.mask, 4);
    QCOMPARE(s.bos, -1);
    QCOMPARE(s.eos, -1);
    QCOMPARE(t->token(6), std::string("##aff"));
    QCOMPARE(t->token(-1), std::string());
    QCOMPARE(t->token(18), std::string());
    QVERIFY(t->find("##able") == TokenId(7));
    QVERIFY(!t->find("able"));
    QVERIFY(!t->find(""));
}

void TestWordPiece::badUtf8() {
    const auto t = *make();
    // Each bad byte is a replacement character, which the normaliser drops; offsets count it.
    const Encoding e = t->encode("\xFFhello\xE4\xBD hello", false, true);
    QVERIFY((e.ids == Ids{13, 13}));
    QVERIFY((e.offsets == Offsets{{1, 6}, {9, 14}}));
}

void TestWordPiece::stringTable() {
    StringTable table;
    std::vector<std::string> keys;
    for (int i = 0; i < 20000; ++i)
        keys.push_back("key" + std::to_string(i * 7919));
    table.reserve(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i)
        table.insert(keys[i], TokenId(i));
    for (std::size_t i = 0; i < keys.size(); ++i)
        QCOMPARE(table.find(keys[i]), TokenId(i));
    QCOMPARE(table.find("key"), -1);
    QCOMPARE(table.find(""), -1);
    table.insert(keys[5], 77);
    QCOMPARE(table.find(keys[5]), 77);
}

void TestWordPiece::characterKinds() {
    const BertCharacters c{BertNormalization{}};
    const auto kind = [&](char32_t x) { return int(c.action(x).kind); };
    QCOMPARE(kind('a'), int(CharKind::Letter));
    QCOMPARE(c.action('A').mapped, U'a');
    QCOMPARE(kind('$'), int(CharKind::Punctuation));
    QCOMPARE(kind('\t'), int(CharKind::Space));
    QCOMPARE(kind(0x3000), int(CharKind::Space));
    QCOMPARE(kind(0), int(CharKind::Dropped));
    QCOMPARE(kind(0xFFFD), int(CharKind::Dropped));
    QCOMPARE(kind(0x301), int(CharKind::Dropped));
    QCOMPARE(kind(0x4E00), int(CharKind::Punctuation));
    QCOMPARE(kind(0x20000), int(CharKind::Punctuation));
    QCOMPARE(kind(0x1F600), int(CharKind::Letter));
    QCOMPARE(kind(0xAC01), int(CharKind::Several));  // Hangul becomes its letters
    QCOMPARE(c.action(0x130).mapped, U'i');          // I with a dot, which is an accent
    QCOMPARE(c.action(0x37E).mapped, U';');          // the Greek question mark
    QCOMPARE(kind(0x37E), int(CharKind::Punctuation));
    const BertCharacters accents{BertNormalization{true, true, false, true}};
    QCOMPARE(int(accents.action(0x130).kind), int(CharKind::Several));
    QCOMPARE(accents.action(0xC4).mapped, U'ä');
    // The table and the way it was made agree beyond the table's end.
    QCOMPARE(c.action(0x10400).mapped, char32_t(0x10428));
}

void TestWordPiece::savesWhatItRead() {
    const test::TempFolder folder;
    const test::TempFolder copy;
    QVERIFY(writeJsonFile(folder.path() / "tokenizer.json", tokenizerJson([](Json&) {})));
    const auto t = loadTokenizer(folder.path());
    QVERIFY(t);
    QVERIFY((*t)->save(copy.path() / "new"));
    QVERIFY(*readFile(folder.path() / "tokenizer.json", 1 << 20) ==
            *readFile(copy.path() / "new" / "tokenizer.json", 1 << 20));
}

QTEST_GUILESS_MAIN(TestWordPiece)
#include "tst_wordpiece.moc"
