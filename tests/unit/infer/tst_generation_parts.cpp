// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What surrounds the network when text is generated: sampling, streaming, chat formats, options.
#include <QtTest>

#include <cmath>
#include <fstream>
#include <map>

#include "core/utf8.h"
#include "infer/chat_format.h"
#include "infer/detail/sampler.h"
#include "infer/detail/text_stream.h"
#include "letter_tokenizer.h"

using namespace lathe::infer;
using lathe::Json;

class TestGenerationParts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void greedyTakesTheBest() {
        Sampler sampler({});
        QCOMPARE(next(sampler, {0.1f, 3.0f, 3.0f, -1.0f}), 1);
        QCOMPARE(next(sampler, {NAN, -5.0f, NAN}), 1);
    }

    void repetitionIsPenalised() {
        GenerateOptions options;
        options.repetitionPenalty = 2;
        Sampler sampler(options);
        const std::vector<std::int32_t> history = {1, 1, 3, -7, 99};
        QCOMPARE(next(sampler, {1.0f, 1.9f, 0.5f, 0.0f}, history), 0);      // 1.9 / 2 < 1
        QCOMPARE(next(sampler, {-1.0f, -0.4f, -0.9f, -9.0f}, history), 1);  // -0.8, once although seen twice
    }

    void drawsByProbability() {
        GenerateOptions options;
        options.temperature = 1;
        options.seed = 5;
        Sampler sampler(options);
        std::map<int, int> counts;
        for (int i = 0; i < 20000; ++i)
            ++counts[next(sampler, {std::log(0.5f), std::log(0.3f), std::log(0.2f)})];
        QVERIFY(std::abs(counts[0] / 20000.0 - 0.5) < 0.015);
        QVERIFY(std::abs(counts[2] / 20000.0 - 0.2) < 0.015);
    }

    void limitsWhatIsDrawn_data() {
        QTest::addColumn<int>("topK");
        QTest::addColumn<double>("topP");
        QTest::addColumn<int>("kinds");
        QTest::newRow("all") << 0 << 1.0 << 4;
        QTest::newRow("top k") << 2 << 1.0 << 2;
        QTest::newRow("top p") << 0 << 0.75 << 2;
        QTest::newRow("top p takes one at least") << 0 << 0.01 << 1;
        QTest::newRow("both") << 3 << 0.99 << 3;
    }
    void limitsWhatIsDrawn() {
        QFETCH(int, topK);
        QFETCH(double, topP);
        QFETCH(int, kinds);
        GenerateOptions options;
        options.temperature = 1;
        options.topK = topK;
        options.topP = topP;
        Sampler sampler(options);
        std::map<int, int> counts;
        for (int i = 0; i < 3000; ++i)
            ++counts[next(sampler, {std::log(0.1f), std::log(0.5f), std::log(0.3f), std::log(0.1f)})];
        QCOMPARE(static_cast<int>(counts.size()), kinds);
        QVERIFY(counts.contains(1));
    }

    void seedsRepeat() {
        const auto draw = [](std::uint64_t seed) {
            GenerateOptions options;
            options.temperature = 1.5;
            options.seed = seed;
            Sampler sampler(options);
            std::vector<int> ids;
            for (int i = 0; i < 50; ++i)
                ids.push_back(next(sampler, std::vector<float>(40, 0.0f)));
            return ids;
        };
        QCOMPARE(draw(1), draw(1));
        QVERIFY(draw(1) != draw(2));
    }

    void streamsWholeCharacters() {
        const LetterTokenizer tokenizer;
        const std::string text = "Guten Tag, 余额是多少？😀 é";
        std::string seen;
        const TextSink sink = [&](std::string_view piece) {
            QCOMPARE(lathe::firstInvalidUtf8(piece), std::string::npos);
            seen += piece;
        };
        TextStream stream(tokenizer, "", sink);
        for (const char c : text)
            stream.add(static_cast<unsigned char>(c));
        stream.finish();
        QCOMPARE(seen, text);
        QCOMPARE(stream.text(), text);
    }

    void aBrokenTailIsReplaced() {
        const LetterTokenizer tokenizer;
        const TextSink none;
        TextStream stream(tokenizer, "", none);
        for (const char c : std::string("a\xE4\xBD"))
            stream.add(static_cast<unsigned char>(c));
        stream.finish();
        QVERIFY(stream.text().starts_with("a"));
        QCOMPARE(lathe::firstInvalidUtf8(stream.text()), std::string::npos);
    }

    void stopTextIsHeldBack() {
        const LetterTokenizer tokenizer;
        std::string seen;
        const TextSink sink = [&](std::string_view piece) { seen += piece; };
        TextStream stream(tokenizer, "\nUser:", sink);
        for (const char c : std::string("yes\nUs all\nUser: and more")) {
            stream.add(static_cast<unsigned char>(c));
            if (stream.isStopped())
                break;
        }
        stream.finish();
        QVERIFY(stream.isStopped());
        QCOMPARE(seen, std::string("yes\nUs all"));
        TextStream unfinished(tokenizer, "\nUser:", sink);
        for (const char c : std::string("end\nUse"))
            unfinished.add(static_cast<unsigned char>(c));
        unfinished.finish();
        QCOMPARE(unfinished.text(), std::string("end\nUse"));
    }

    void freshFormat() {
        const LetterTokenizer tokenizer({"<s>", "</s>", "<|user|>", "<|assistant|>", "<|system|>", "<|end|>"});
        const auto format = ChatFormat::of(tokenizer, "/nowhere");
        QCOMPARE(format.kind(), ChatFormat::Kind::Fresh);
        QVERIFY(format.note().empty());
        QCOMPARE(format.ends(), (std::vector<lathe::text::TokenId>{261}));
        const std::vector<Message> talk = {{"system", "S"}, {"user", "a"}, {"assistant", "b"}, {"user", "c"}};
        QCOMPARE(tokenizer.decode(format.prompt(tokenizer, talk), false),
                 std::string("<s><|system|>S<|user|>a<|assistant|>b<|end|><|user|>c<|assistant|>"));
    }

    void knownTemplates_data() {
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("chatml") << QByteArray("{{'<|im_start|>' + message['role']}}")
                                << QByteArray(
                                       "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\na<|im_end|>\n"
                                       "<|im_start|>assistant\nb<|im_end|>\n<|im_start|>user\nc<|im_end|>\n"
                                       "<|im_start|>assistant\n");
        QTest::newRow("llama 2") << QByteArray("[INST] <<SYS>>")
                                 << QByteArray("<s>[INST] <<SYS>>\nS\n<</SYS>>\n\na [/INST]b</s><s>[INST] c [/INST]");
        QTest::newRow("unknown") << QByteArray("{{ something }}")
                                 << QByteArray("<s>User: S\n\na\nAssistant: b\nUser: c\nAssistant: ");
    }
    void knownTemplates() {
        QFETCH(QByteArray, source);
        QFETCH(QByteArray, expected);
        QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString();
        QVERIFY(lathe::writeJsonFile(path / "tokenizer_config.json", Json{{"chat_template", source.toStdString()}}));
        const LetterTokenizer tokenizer({"<s>", "</s>", "<|im_start|>", "<|im_end|>"});
        const auto format = ChatFormat::of(tokenizer, path);
        const std::vector<Message> talk = {{"system", "S"}, {"user", "a"}, {"assistant", "b"}, {"user", "c"}};
        QCOMPARE(tokenizer.decode(format.prompt(tokenizer, talk), false), expected.toStdString());
        QCOMPARE(format.note().empty(), format.kind() != ChatFormat::Kind::Plain);
    }

    void optionsAreChecked() {
        const auto options = generateOptionsFrom(Json{{"temperature", 0.7}, {"max_new_tokens", 9}, {"seed", 3}});
        QVERIFY(options);
        QCOMPARE(options->maxNewTokens, 9);
        QCOMPARE(options->temperature, 0.7);
        QCOMPARE(options->seed, std::uint64_t{3});
        QVERIFY(!generateOptionsFrom(Json{{"temperature", -1}}));
        QVERIFY(!generateOptionsFrom(Json{{"temprature", 1}}));
        QVERIFY(generateOptionsFrom(Json::object()));
    }

private:
    static int next(Sampler& sampler, std::vector<float> logits, const std::vector<std::int32_t>& history = {}) {
        return sampler.next(logits, history);
    }
};

QTEST_GUILESS_MAIN(TestGenerationParts)
#include "tst_generation_parts.moc"
