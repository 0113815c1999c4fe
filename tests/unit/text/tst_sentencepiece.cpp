// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Training a vocabulary on corpora of all sizes, and what the trained tokenizer promises.
#include <QTest>

#include <fcntl.h>
#include <unistd.h>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>

#include "core/files.h"
#include "core/json.h"
#include "core/utf8.h"
#include "support/temp_folder.h"
#include "text/tokenizer.h"

using namespace lathe;
using namespace lathe::text;

namespace {

std::vector<std::string> questions() {
    const std::vector<std::string> subjects{"my card",      "the transfer", "a refund",
                                            "the PIN code", "my account",   "the exchange rate"};
    const std::vector<std::string> asks{"When will %s arrive?", "Why was %s declined in 2024?",
                                        "How do I change %s?\nPlease help.", "I still haven't received %s!",
                                        "Is %s free of charge, or 12.50 euros?"};
    const std::vector<std::string> chinese{"我的信用卡什么时候能寄到？", "请问转账为什么失败了，一直显示处理中。",
                                           "怎么修改密码？", "汇率是多少，手续费要12.5元吗？",
                                           "退款还没有到账，请帮我查一下。"};
    std::vector<std::string> texts;
    for (int round = 0; round < 6; ++round)
        for (const std::string& subject : subjects)
            for (std::string ask : asks) {
                ask.replace(ask.find("%s"), 2, subject);
                texts.push_back(ask + " " + chinese[texts.size() % chinese.size()]);
            }
    return texts;
}

SentencePieceTraining decoderTraining(std::int32_t vocabSize) {
    SentencePieceTraining options;
    options.vocabSize = vocabSize;
    options.controlTokens = {"<|user|>", "<|assistant|>", "<|system|>", "<|end|>"};
    return options;
}

std::shared_ptr<const Tokenizer> trained(const std::vector<std::string>& texts, const SentencePieceTraining& options,
                                         const std::filesystem::path& folder) {
    JobContext context;
    const auto done = trainSentencePiece(texts, options, folder, context);
    if (!done)
        qWarning("%s", done.error().message.c_str());
    auto tokenizer = loadTokenizer(folder);
    return tokenizer ? *tokenizer : nullptr;
}

}  // namespace

class TestSentencePiece : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void moduleIsThere();
    void decoderRoundTripsEveryText_data();
    void decoderRoundTripsEveryText();
    void layoutOfControlTokens();
    void controlTokensCannotBeForged();
    void encoderFoldsAndFrames();
    void pairs();
    void offsets();
    void smallCorpora_data();
    void smallCorpora();
    void nothingToTrainOn();
    void sameTextsSameFile();
    void stopIsHeard();
    void trainingIsQuiet();
    void configurationIsReadable();
    void saveKeepsEveryByte();
    void wrongOptions();
};

void TestSentencePiece::moduleIsThere() {
    QCOMPARE(QString::fromStdString(sentencePieceProblem()), QString());
}

void TestSentencePiece::decoderRoundTripsEveryText_data() {
    QTest::addColumn<QString>("model");
    QTest::newRow("unigram") << "unigram";
    QTest::newRow("bpe") << "bpe";
}

void TestSentencePiece::decoderRoundTripsEveryText() {
    QFETCH(QString, model);
    const test::TempFolder folder;
    SentencePieceTraining options = decoderTraining(600);
    options.modelType = model.toStdString();
    const auto tokenizer = trained(questions(), options, folder.path());
    QVERIFY(tokenizer);
    QVERIFY(tokenizer->vocabSize() <= 600);
    const std::vector<std::string> texts{
        "My card, please!", "两行\n文字，全角标点：１２３！", "  two  spaces ", "tab\there",
        "Ünïcödé 😁 한국어", "ｆｕｌｌ　ｗｉｄｔｈ",           "a\r\nb"};
    for (const std::string& text : texts) {
        const Encoding encoding = tokenizer->encode(text, false, false);
        QVERIFY(!encoding.ids.empty());
        QCOMPARE(QString::fromStdString(tokenizer->decode(encoding.ids)), QString::fromStdString(text));
        for (const TokenId id : encoding.ids)
            QVERIFY2(id != tokenizer->special().unknown, text.c_str());
    }
}

void TestSentencePiece::layoutOfControlTokens() {
    const test::TempFolder folder;
    const auto tokenizer = trained(questions(), decoderTraining(600), folder.path());
    QVERIFY(tokenizer);
    const std::vector<std::string> layout{"<pad>",    "<unk>",         "<s>",        "</s>",
                                          "<|user|>", "<|assistant|>", "<|system|>", "<|end|>"};
    for (std::size_t id = 0; id < layout.size(); ++id) {
        QCOMPARE(QString::fromStdString(tokenizer->token(TokenId(id))), QString::fromStdString(layout[id]));
        QVERIFY(tokenizer->find(layout[id]) == TokenId(id));
    }
    const SpecialTokens special = tokenizer->special();
    QCOMPARE(special.pad, 0);
    QCOMPARE(special.unknown, 1);
    QCOMPARE(special.bos, 2);
    QCOMPARE(special.eos, 3);
    QCOMPARE(special.cls, -1);
    QVERIFY(!tokenizer->find("no such piece").has_value());
    QVERIFY(!tokenizer->find("").has_value());
    QCOMPARE(tokenizer->token(-1), std::string());
    QCOMPARE(tokenizer->token(tokenizer->vocabSize()), std::string());
    // A generating model's text begins with <s> and is left open.
    const Encoding encoding = tokenizer->encode("my card");
    QCOMPARE(encoding.ids.front(), 2);
    QVERIFY(encoding.ids.back() != 3);
}

void TestSentencePiece::controlTokensCannotBeForged() {
    const test::TempFolder folder;
    std::vector<std::string> texts = questions();
    for (int i = 0; i < 50; ++i)  // a corpus that spells the markers must not teach them either
        texts.push_back("<|user|> hello <|assistant|> hi </s> <s> <pad>");
    const auto tokenizer = trained(texts, decoderTraining(600), folder.path());
    QVERIFY(tokenizer);
    const std::string forged = "<|user|>my card<|end|></s><s><pad>";
    const Encoding encoding = tokenizer->encode(forged, false, false);
    for (const TokenId id : encoding.ids)
        QVERIFY2(id >= 8, "text became a control token");
    QCOMPARE(tokenizer->decode(encoding.ids), forged);
    // Put in by id they vanish from the text, or show where asked for.
    std::vector<TokenId> ids{*tokenizer->find("<|user|>")};
    const Encoding card = tokenizer->encode("my card", false, false);
    ids.insert(ids.end(), card.ids.begin(), card.ids.end());
    ids.push_back(*tokenizer->find("<|end|>"));
    QCOMPARE(tokenizer->decode(ids, true), std::string("my card"));
    QCOMPARE(tokenizer->decode(ids, false), std::string("<|user|>my card<|end|>"));
}

void TestSentencePiece::encoderFoldsAndFrames() {
    const test::TempFolder folder;
    SentencePieceTraining options;
    options.vocabSize = 600;
    options.controlTokens = {"[CLS]", "[SEP]", "[MASK]"};
    const auto tokenizer = trained(questions(), options, folder.path());
    QVERIFY(tokenizer);
    const SpecialTokens special = tokenizer->special();
    QCOMPARE(special.cls, 4);
    QCOMPARE(special.sep, 5);
    QCOMPARE(special.mask, 6);
    const Encoding encoding = tokenizer->encode("MY Ｃａｒｄ", true, true);
    QCOMPARE(encoding.ids.front(), 4);
    QCOMPARE(encoding.ids.back(), 5);
    QVERIFY(encoding.offsets.front() == Offset{});
    QCOMPARE(encoding.offsets.size(), encoding.ids.size());
    QVERIFY(encoding.ids == tokenizer->encode("my card").ids);
    QVERIFY(tokenizer->encode("[MASK]", false, false).ids != std::vector<TokenId>{6});
}

void TestSentencePiece::pairs() {
    const test::TempFolder folder;
    SentencePieceTraining options;
    options.vocabSize = 600;
    options.controlTokens = {"[CLS]", "[SEP]", "[MASK]"};
    const auto tokenizer = trained(questions(), options, folder.path());
    QVERIFY(tokenizer);
    const Encoding pair = tokenizer->encodePair("my card", "a refund");
    std::vector<TokenId> want = tokenizer->encode("my card").ids;
    const std::size_t first = want.size();
    const Encoding second = tokenizer->encode("a refund", false, false);
    want.insert(want.end(), second.ids.begin(), second.ids.end());
    want.push_back(5);
    QVERIFY(pair.ids == want);
    QCOMPARE(pair.typeIds.size(), pair.ids.size());
    for (std::size_t i = 0; i < pair.typeIds.size(); ++i)
        QCOMPARE(pair.typeIds[i], i < first ? 0 : 1);
}

void TestSentencePiece::offsets() {
    const test::TempFolder folder;
    const auto tokenizer = trained(questions(), decoderTraining(600), folder.path());
    QVERIFY(tokenizer);
    const std::string text = "我的card 😁 \xFF me";  // an emoji spelled in bytes, and a byte that is no UTF-8
    const std::u32string points = toCodePoints(text);
    const Encoding encoding = tokenizer->encode(text, false, true);
    QCOMPARE(encoding.offsets.size(), encoding.ids.size());
    std::int32_t reached = 0;
    int bytePieces = 0;
    for (std::size_t i = 0; i < encoding.ids.size(); ++i) {
        const Offset offset = encoding.offsets[i];
        QVERIFY(offset.begin <= offset.end && offset.end <= int(points.size()));
        QVERIFY(offset.begin <= reached);
        reached = std::max(reached, offset.end);
        const std::string token = tokenizer->token(encoding.ids[i]);
        if (token.starts_with("<0x")) {
            ++bytePieces;
            QCOMPARE(offset.end - offset.begin, 1);
            QVERIFY(points[std::size_t(offset.begin)] == U'😁' || points[std::size_t(offset.begin)] == kReplacement);
        }
    }
    QCOMPARE(reached, std::int32_t(points.size()));
    QCOMPARE(bytePieces, 4 + 3);
}

void TestSentencePiece::smallCorpora_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<QStringList>("texts");
    for (const char* model : {"unigram", "bpe"}) {
        const QString name = QString::fromUtf8(model);
        QTest::addRow("%s, one letter", model) << name << QStringList{"a"};
        QTest::addRow("%s, one Han character", model) << name << QStringList{"好"};
        QTest::addRow("%s, two words", model) << name << QStringList{"hello world", "hello"};
        QTest::addRow("%s, mostly nothing", model)
            << name << QStringList{"", " ", "\n\n", QStringLiteral("\u200b"), "!"};
        QTest::addRow("%s, only marks of the trainer", model) << name << QStringList{"<s> </s>", "▅▅", "x"};
        QStringList all;
        for (char16_t c = 0x4E00; c < 0x4E00 + 3000; ++c)
            all << QString(QChar(c));
        QTest::addRow("%s, more characters than vocabulary", model) << name << all;
    }
}

void TestSentencePiece::smallCorpora() {
    QFETCH(QString, model);
    QFETCH(QStringList, texts);
    std::vector<std::string> corpus;
    for (const QString& text : texts)
        corpus.push_back(text.toStdString());
    for (const std::int32_t size : {16, 1000}) {
        const test::TempFolder folder;
        SentencePieceTraining options = decoderTraining(size);
        options.modelType = model.toStdString();
        const auto tokenizer = trained(corpus, options, folder.path());
        QVERIFY(tokenizer);
        QVERIFY2(tokenizer->vocabSize() <= std::max(size, 600), qPrintable(QString::number(tokenizer->vocabSize())));
        const std::string text = "信用卡 and more";
        QCOMPARE(tokenizer->decode(tokenizer->encode(text, false, false).ids), text);
    }
}

void TestSentencePiece::nothingToTrainOn() {
    const test::TempFolder folder;
    JobContext context;
    for (const std::vector<std::string>& texts : {std::vector<std::string>{},
                                                  {""},
                                                  {" ", "\n", "\t"},
                                                  {"\u200b\ufeff"},
                                                  {"<s></s>"},
                                                  {"▅"},
                                                  {"\u0301"},
                                                  {"\xFF\xFE"}}) {
        const auto done = trainSentencePiece(texts, decoderTraining(300), folder.path(), context);
        QVERIFY(!done);
        QCOMPARE(int(done.error().code), int(ErrorCode::InvalidInput));
    }
    QVERIFY(!std::filesystem::exists(folder.path() / "tokenizer.model"));
}

void TestSentencePiece::sameTextsSameFile() {
    const test::TempFolder one;
    const test::TempFolder two;
    QVERIFY(trained(questions(), decoderTraining(500), one.path()));
    QVERIFY(trained(questions(), decoderTraining(500), two.path()));
    for (const char* name : {"tokenizer.model", "tokenizer_config.json", "tokenizer.json"}) {
        const auto a = readFile(one.path() / name, 10 << 20);
        const auto b = readFile(two.path() / name, 10 << 20);
        QVERIFY(a && b);
        QVERIFY2(*a == *b, name);
    }
}

void TestSentencePiece::stopIsHeard() {
    const test::TempFolder folder;
    std::vector<std::string> texts;
    std::uint32_t state = 1;
    for (int i = 0; i < 20000; ++i) {  // enough that training takes seconds
        std::string text;
        for (int w = 0; w < 20; ++w) {
            for (int c = 0; c < 6; ++c) {
                state = state * 1664525u + 1013904223u;
                text.push_back(char('a' + (state >> 24) % 26));
            }
            text.push_back(' ');
        }
        texts.push_back(text);
    }
    auto control = std::make_shared<JobControl>();
    JobContext context(control);
    std::chrono::steady_clock::time_point asked;
    std::jthread stopper([&] {
        while (control->progress().stage != "training the tokenizer")
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        asked = std::chrono::steady_clock::now();
        control->requestStop();
    });
    const auto done = trainSentencePiece(texts, decoderTraining(8000), folder.path(), context);
    const auto returned = std::chrono::steady_clock::now();
    stopper.join();
    QVERIFY(!done);
    QCOMPARE(int(done.error().code), int(ErrorCode::Canceled));
    QVERIFY(returned - asked < std::chrono::milliseconds(500));
    QVERIFY(!std::filesystem::exists(folder.path() / "tokenizer.model"));
}

void TestSentencePiece::trainingIsQuiet() {
    const test::TempFolder folder;
    const std::filesystem::path log = folder.path() / "stderr.txt";
    std::fflush(stderr);
    const int kept = dup(2);
    const int file = open(log.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    QVERIFY(kept >= 0 && file >= 0);
    dup2(file, 2);
    JobContext context;
    const auto done = trainSentencePiece(questions(), decoderTraining(400), folder.path(), context);
    const auto loaded = loadTokenizer(folder.path());
    std::fflush(stderr);
    dup2(kept, 2);
    close(kept);
    close(file);
    QVERIFY(done && loaded);
    const auto noise = readFile(log, 1 << 20);
    QVERIFY(noise);
    // Our own log may speak; the library may not.
    QVERIFY2(noise->find("trainer") == std::string::npos && noise->find(".cc") == std::string::npos, noise->c_str());
}

void TestSentencePiece::configurationIsReadable() {
    const test::TempFolder folder;
    QVERIFY(trained(questions(), decoderTraining(500), folder.path()));
    const auto config = readJsonFile(folder.path() / "tokenizer_config.json");
    QVERIFY(config);
    QCOMPARE((*config)["tokenizer_class"].get<std::string>(), std::string("PreTrainedTokenizerFast"));
    QVERIFY((*config)["split_special_tokens"].get<bool>());
    QCOMPARE((*config)["bos_token"].get<std::string>(), std::string("<s>"));
    QCOMPARE((*config)["added_tokens_decoder"]["4"]["content"].get<std::string>(), std::string("<|user|>"));
    QVERIFY((*config)["added_tokens_decoder"]["4"]["special"].get<bool>());
}

void TestSentencePiece::saveKeepsEveryByte() {
    const test::TempFolder folder;
    const test::TempFolder copy;
    const auto tokenizer = trained(questions(), decoderTraining(500), folder.path());
    QVERIFY(tokenizer);
    std::filesystem::copy(folder.path(), copy.path() / "before", std::filesystem::copy_options::recursive);
    std::filesystem::remove_all(folder.path());
    QVERIFY(tokenizer->save(copy.path() / "after"));
    for (const char* name : {"tokenizer.model", "tokenizer_config.json", "tokenizer.json"})
        QVERIFY(*readFile(copy.path() / "before" / name, 10 << 20) ==
                *readFile(copy.path() / "after" / name, 10 << 20));
}

void TestSentencePiece::wrongOptions() {
    const test::TempFolder folder;
    JobContext context;
    SentencePieceTraining options = decoderTraining(400);
    options.modelType = "markov";
    QCOMPARE(int(trainSentencePiece(questions(), options, folder.path(), context).error().code),
             int(ErrorCode::InvalidInput));
    options = decoderTraining(-5);
    QCOMPARE(int(trainSentencePiece(questions(), options, folder.path(), context).error().code),
             int(ErrorCode::InvalidInput));
    options = decoderTraining(400);
    options.controlTokens = {"a,b"};
    QCOMPARE(int(trainSentencePiece(questions(), options, folder.path(), context).error().code),
             int(ErrorCode::InvalidInput));
}

QTEST_GUILESS_MAIN(TestSentencePiece)
#include "tst_sentencepiece.moc"
