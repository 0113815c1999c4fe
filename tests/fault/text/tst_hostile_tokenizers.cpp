// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Tokenizer files that are cut, scrambled or made to harm, and texts that nobody should send: errors, never a crash.
#include <QTest>

#include <chrono>

#include "core/files.h"
#include "core/json.h"
#include "support/temp_folder.h"
#include "text/sentencepiece/model_file.h"
#include "text/tokenizer.h"

using namespace lathe;
using namespace lathe::text;

namespace {

std::filesystem::path sharedGolden() {
    const QByteArray shared = qgetenv("LATHE_SHARED");
    return shared.isEmpty() ? std::filesystem::path()
                            : std::filesystem::path(shared.toStdString()) / "golden" / "tokenizers";
}

struct Random {
    std::uint64_t state = 88172645463325252ull;
    std::uint64_t next() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return state;
    }
};

/// Loads what is in \p folder and, if that works, uses all of it.
bool loadAndUse(const std::filesystem::path& folder) {
    const auto tokenizer = loadTokenizer(folder);
    if (!tokenizer) {
        if (tokenizer.error().message.empty())
            qFatal("an error without a message");
        return false;
    }
    const std::string text = "Hello ﬁne 信用卡 Ⅳ ½ 😁 é \xFF <s> [CLS]";
    const Encoding encoding = (*tokenizer)->encode(text, true, true);
    if (encoding.ids.size() != encoding.offsets.size())
        qFatal("ids and offsets differ in number");
    (*tokenizer)->encodePair(text, text);
    std::vector<TokenId> ids = encoding.ids;
    ids.insert(ids.end(),
               {-1, 0, 1, 2, 3, (*tokenizer)->vocabSize() - 1, (*tokenizer)->vocabSize(), 2000000000, -2000000000});
    (*tokenizer)->decode(ids, true);
    (*tokenizer)->decode(ids, false);
    for (const TokenId id : ids)
        (*tokenizer)->token(id);
    return true;
}

std::string smallModel(const std::filesystem::path& folder) {
    SentencePieceTraining options;
    options.vocabSize = 300;
    options.controlTokens = {"[CLS]", "[SEP]", "[MASK]"};
    JobContext context;
    const std::vector<std::string> texts{"when will my card arrive", "我的信用卡什么时候到", "is the card on its way"};
    if (!trainSentencePiece(texts, options, folder, context))
        return "";
    std::error_code ignored;
    for (const char* name : {"tokenizer_config.json", "tokenizer.json"})
        std::filesystem::remove(folder / name, ignored);
    return *readFile(folder / "tokenizer.model", 64 << 20);
}

}  // namespace

class TestHostileTokenizers : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void emptyAndMissing();
    void truncatedModels();
    void scrambledModels();
    void scrambledCharacterMaps();
    void garbageModels();
    void brokenConfigurations_data();
    void brokenConfigurations();
    void truncatedTokenizerJson();
    void deepJson();
    void hugeTexts();
};

void TestHostileTokenizers::emptyAndMissing() {
    const test::TempFolder folder;
    QCOMPARE(int(loadTokenizer(folder.path() / "none").error().code), int(ErrorCode::NotFound));
    QCOMPARE(int(loadTokenizer(folder.path()).error().code), int(ErrorCode::NotFound));
    for (const char* name : {"tokenizer.model", "vocab.txt", "tokenizer.json"}) {
        const test::TempFolder one;
        QVERIFY(writeFileAtomically(one.path() / name, ""));
        QVERIFY(!loadAndUse(one.path()));
    }
}

void TestHostileTokenizers::truncatedModels() {
    const test::TempFolder folder;
    const std::string model = smallModel(folder.path());
    QVERIFY(!model.empty());
    QVERIFY(loadAndUse(folder.path()));
    for (std::size_t size = 0; size < model.size(); size += 1 + size / 60) {
        QVERIFY(writeFileAtomically(folder.path() / "tokenizer.model", model.substr(0, size)));
        loadAndUse(folder.path());
    }
    QVERIFY(writeFileAtomically(folder.path() / "tokenizer.model", model.substr(0, model.size() / 2)));
    QVERIFY(!loadAndUse(folder.path()));
}

void TestHostileTokenizers::scrambledModels() {
    const test::TempFolder folder;
    const std::string model = smallModel(folder.path());
    QVERIFY(!model.empty());
    Random random;
    int loaded = 0;
    for (int round = 0; round < 150; ++round) {
        std::string changed = model;
        const int changes = 1 + int(random.next() % 8);
        for (int i = 0; i < changes; ++i) {
            // Half of the changes in the pieces and options, which are few bytes beside the character map.
            const std::size_t range =
                random.next() % 2 == 0 ? std::min<std::size_t>(changed.size(), 6000) : changed.size();
            changed[random.next() % range] = char(random.next());
        }
        QVERIFY(writeFileAtomically(folder.path() / "tokenizer.model", changed));
        loaded += loadAndUse(folder.path()) ? 1 : 0;
    }
    qInfo("%d of 150 scrambled models could still be loaded", loaded);
}

void TestHostileTokenizers::scrambledCharacterMaps() {
    const test::TempFolder folder;
    const std::string model = smallModel(folder.path());
    QVERIFY(!model.empty());
    QVERIFY(parseSentencePieceFile(model, "model"));
    // Every unit of the trie made to point far away.
    std::string changed = model;
    std::size_t map = 0;
    for (std::size_t at = 0; at + 4 < model.size() && map == 0; ++at) {
        std::uint32_t bytes = 0;
        std::memcpy(&bytes, model.data() + at, 4);
        if (bytes > 100000 && bytes % 1024 == 0 && bytes < model.size() - at)
            map = at + 4;
    }
    QVERIFY(map != 0);
    for (std::size_t i = 0; i < 4000; i += 4)
        std::memcpy(changed.data() + map + i, "\x00\xFC\xFF\x7F", 4);
    const auto refused = parseSentencePieceFile(changed, "model");
    QVERIFY(!refused);
    QVERIFY2(refused.error().message.find("character map") != std::string::npos, refused.error().message.c_str());
    QVERIFY(writeFileAtomically(folder.path() / "tokenizer.model", changed));
    QVERIFY(!loadAndUse(folder.path()));
}

void TestHostileTokenizers::garbageModels() {
    const test::TempFolder folder;
    Random random;
    for (const std::size_t size : {1u, 7u, 100u, 5000u, 200000u}) {
        std::string bytes(size, '\0');
        QVERIFY(writeFileAtomically(folder.path() / "tokenizer.model", bytes));
        QVERIFY(!loadAndUse(folder.path()));
        for (char& byte : bytes)
            byte = char(random.next());
        QVERIFY(writeFileAtomically(folder.path() / "tokenizer.model", bytes));
        QVERIFY(!loadAndUse(folder.path()));
    }
}

void TestHostileTokenizers::brokenConfigurations_data() {
    QTest::addColumn<QString>("config");
    QTest::addColumn<bool>("loads");
    QTest::newRow("not JSON") << "{" << false;
    QTest::newRow("a list") << "[]" << false;
    QTest::newRow("wrong types")
        << R"({"bos_token": 5, "add_bos_token": "yes", "cls_token": {"content": 7}, "added_tokens_decoder": [1]})"
        << true;
    QTest::newRow("added id far away") << R"({"added_tokens_decoder": {"999999999999": {"content": "<x>"}}})" << false;
    QTest::newRow("added id negative") << R"({"added_tokens_decoder": {"-7": {"content": "<x>"}}})" << true;
    QTest::newRow("added id no number") << R"({"added_tokens_decoder": {"x": {"content": "<x>"}, "9999": 3}})" << true;
    QTest::newRow("added next to the model")
        << R"({"added_tokens_decoder": {"310": {"content": "<x>"}}, "eos_token": "<x>"})" << true;
}

void TestHostileTokenizers::brokenConfigurations() {
    QFETCH(QString, config);
    QFETCH(bool, loads);
    const test::TempFolder folder;
    QVERIFY(!smallModel(folder.path()).empty());
    QVERIFY(writeFileAtomically(folder.path() / "tokenizer_config.json", config.toStdString()));
    QCOMPARE(loadAndUse(folder.path()), loads);
}

void TestHostileTokenizers::truncatedTokenizerJson() {
    if (sharedGolden().empty())
        QSKIP("LATHE_SHARED is not set");
    const auto whole = readFile(sharedGolden() / "wordpiece-chinese" / "tokenizer.json", 64 << 20);
    QVERIFY(whole);
    const test::TempFolder folder;
    for (const double share : {0.0001, 0.01, 0.5, 0.99, 0.99999}) {
        const auto size = std::size_t(double(whole->size()) * share);
        QVERIFY(writeFileAtomically(folder.path() / "tokenizer.json", whole->substr(0, size)));
        QVERIFY(!loadAndUse(folder.path()));
    }
}

void TestHostileTokenizers::deepJson() {
    const test::TempFolder folder;
    for (const char* name : {"tokenizer.json", "tokenizer_config.json"}) {
        QVERIFY(writeFileAtomically(folder.path() / "vocab.txt", "[UNK]\n[CLS]\n[SEP]\n"));
        QVERIFY(writeFileAtomically(folder.path() / name, std::string(2000000, '[')));
        QVERIFY(!loadAndUse(folder.path()));
        std::filesystem::remove(folder.path() / name);
    }
}

void TestHostileTokenizers::hugeTexts() {
    const test::TempFolder folder;
    std::string vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";
    for (char c = 'a'; c <= 'z'; ++c)
        vocabulary += std::string(1, c) + "\n##" + std::string(1, c) + "\n";
    QVERIFY(writeFileAtomically(folder.path() / "vocab.txt", vocabulary));
    const auto tokenizer = loadTokenizer(folder.path());
    QVERIFY(tokenizer);
    // One word of 20 MB, 20 MB of marks over one letter, 20 MB of brackets that begin no token.
    QVERIFY(((*tokenizer)->encode(std::string(20 << 20, 'a'), false).ids == std::vector<TokenId>{1}));
    std::string marks = "a";
    for (int i = 0; i < 10 << 20; ++i)
        marks += "\u0301";
    QVERIFY(((*tokenizer)->encode(marks, false).ids == std::vector<TokenId>{5}));
    QCOMPARE((*tokenizer)->encode(std::string(4 << 20, '['), false).ids.size(), std::size_t(4 << 20));
}

QTEST_GUILESS_MAIN(TestHostileTokenizers)
#include "tst_hostile_tokenizers.moc"
