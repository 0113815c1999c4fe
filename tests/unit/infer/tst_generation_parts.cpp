// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What surrounds the network when text is generated: streaming, chat formats, options.
#include <QtTest>

#include <fstream>

#include "core/utf8.h"
#include "infer/chat_format.h"
#include "infer/detail/text_stream.h"
#include "letter_tokenizer.h"

using namespace lathe::infer;
using lathe::Json;

class TestGenerationParts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void streamsWholeCharacters() {
        const LetterTokenizer tokenizer;
        const std::string text = "Guten Tag, 余额是多少？😀 é";
        std::string seen;
        const TextSink sink = [&](std::string_view piece) {
            QCOMPARE(lathe::firstInvalidUtf8(piece), std::string::npos);
            seen += piece;
        };
        TextStream stream(tokenizer, {}, sink);
        for (const char c : text)
            stream.add(static_cast<unsigned char>(c));
        stream.finish();
        QCOMPARE(seen, text);
        QCOMPARE(stream.text(), text);
    }

    void aBrokenTailIsReplaced() {
        const LetterTokenizer tokenizer;
        const TextSink none;
        TextStream stream(tokenizer, {}, none);
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
        TextStream stream(tokenizer, {"\nUser:"}, sink);
        for (const char c : std::string("yes\nUs all\nUser: and more")) {
            stream.add(static_cast<unsigned char>(c));
            if (stream.isStopped())
                break;
        }
        stream.finish();
        QVERIFY(stream.isStopped());
        QCOMPARE(seen, std::string("yes\nUs all"));
        TextStream unfinished(tokenizer, {"\nUser:"}, sink);
        for (const char c : std::string("end\nUse"))
            unfinished.add(static_cast<unsigned char>(c));
        unfinished.finish();
        QCOMPARE(unfinished.text(), std::string("end\nUse"));
    }

    void theFirstOfSeveralStopsCounts() {
        const LetterTokenizer tokenizer;
        std::string seen;
        const TextSink sink = [&](std::string_view piece) { seen += piece; };
        TextStream stream(tokenizer, {"END", "", "\n\n", "NDX"}, sink);
        for (const char c : std::string("a\nb EN 余额\n\nEND"))
            if (!stream.isStopped())
                stream.add(static_cast<unsigned char>(c));
        stream.finish();
        QVERIFY(stream.isStopped());
        QCOMPARE(seen, std::string("a\nb EN 余额"));
        QCOMPARE(stream.text(), seen);
    }

    void freshFormat() {
        const LetterTokenizer tokenizer({"<s>", "</s>", "<|user|>", "<|assistant|>", "<|system|>", "<|end|>"});
        const auto format = ChatFormat::of(tokenizer, "/nowhere");
        QCOMPARE(format.kind(), ChatFormat::Kind::Fresh);
        QVERIFY(format.note().empty());
        QCOMPARE(format.ends(), (std::vector<lathe::text::TokenId>{261}));
        const std::vector<Message> talk = {{"system", "S"}, {"user", "a"}, {"assistant", "b"}, {"user", "c"}};
        const auto prompt = format.prompt(tokenizer, talk);
        QVERIFY(prompt);
        QCOMPARE(tokenizer.decode(*prompt, false),
                 std::string("<s><|system|>S<|user|>a<|assistant|>b<|end|><|user|>c<|assistant|>"));
    }

    void optionsAreChecked() {
        const auto options = generateOptionsFrom(Json{{"temperature", 0.7}, {"max_new_tokens", 9}, {"seed", 3}});
        QVERIFY(options);
        QCOMPARE(options->maxNewTokens.value(), 9);
        QCOMPARE(options->temperature.value(), 0.7);
        QVERIFY(!options->topK && !options->beams && !options->sample);
        QCOMPARE(options->seed, std::uint64_t{3});
        QVERIFY(!generateOptionsFrom(Json{{"temperature", -1}}));
        QVERIFY(!generateOptionsFrom(Json{{"temprature", 1}}));
        QVERIFY(generateOptionsFrom(Json::object()));
        const auto beams = generateOptionsFrom(
            Json{{"beams", 4}, {"early_stopping", "never"}, {"decoding", "greedy"}, {"stop", "a\\|b|\\nUser:||\\\\"}});
        QVERIFY(beams);
        QCOMPARE(beams->beams.value(), 4);
        QVERIFY(beams->earlyStopping == EarlyStopping::Never);
        QCOMPARE(beams->sample.value(), false);
        QCOMPARE(beams->stop, (std::vector<std::string>{"a|b", "\nUser:", "\\"}));
        QVERIFY(!generateOptionsFrom(Json{{"decoding", "wild"}}));
    }
};

QTEST_GUILESS_MAIN(TestGenerationParts)
#include "tst_generation_parts.moc"
