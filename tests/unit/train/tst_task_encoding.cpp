// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the tasks make of texts: labelled parts as tags, conversations with marks, packed rows.
#include <QtTest>

#include "core/files.h"
#include "core/utf8.h"
#include "text/word_pieces.h"
#include "train/detail/conversation_encoding.h"
#include "train/detail/packing.h"
#include "train/detail/span_encoding.h"
#include "unit/train/tiny_data.h"

using namespace lathe;
using namespace lathe::train;
using Ids = std::vector<text::TokenId>;
using Marks = std::vector<std::int32_t>;

namespace {

constexpr std::int32_t kNone = kNoTarget;

/// Pieces of at most three characters, each with its place; [CLS] and [SEP] around.
class PieceTokenizer : public test::WordTokenizer {
public:
    text::Encoding encode(std::string_view text, bool, bool) const override {
        text::Encoding encoding{.ids = {1}, .offsets = {{}}, .typeIds = {}, .sequences = {}};
        const std::u32string points = toCodePoints(text);
        const auto size = static_cast<std::int32_t>(points.size());
        for (std::int32_t at = 0; at < size;) {
            if (points[static_cast<std::size_t>(at)] == U' ') {
                ++at;
                continue;
            }
            std::int32_t end = at;
            while (end < size && end - at < 3 && points[static_cast<std::size_t>(end)] != U' ')
                ++end;
            encoding.ids.push_back(10 + at);
            encoding.offsets.push_back({at, end});
            at = end;
        }
        encoding.ids.push_back(2);
        encoding.offsets.push_back({});
        return encoding;
    }
};

EncodedText tagged(const char* text, std::vector<ExampleSpan> spans, SpanPieces pieces, SpanLosses& losses,
                   std::int64_t maxTokens = 100) {
    return encodeSpans(PieceTokenizer(), text, std::move(spans), maxTokens, pieces, losses);
}

/// The tokens that are learnt.
Ids learnt(const EncodedText& text) {
    Ids ids;
    for (std::size_t t = 0; t < text.marks.size(); ++t)
        if (text.marks[t] != kNoTarget)
            ids.push_back(text.ids[t]);
    return ids;
}

Ids idsOf(const text::Tokenizer& tokenizer, std::initializer_list<const char*> tokens) {
    Ids ids;
    for (const char* token : tokens)
        ids.push_back(tokenizer.find(token).value_or(-1));
    return ids;
}

}  // namespace

class TestTaskEncoding : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void placesWithoutSpaces() {
        const std::vector<text::Offset> places{{0, 2}, {2, 6}, {6, 7}, {0, 0}};
        QVERIFY((text::withoutSpaces("né to  ", places) == std::vector<text::Offset>{{0, 2}, {3, 5}, {}, {}}));
    }

    void wordsByTheirPlaces() {
        using text::continuesWord;
        QVERIFY((continuesWord("abcd ef", {{0, 2}, {2, 4}, {5, 7}}) == std::vector<bool>{false, true, false}));
        QVERIFY((continuesWord("18:00", {{0, 2}, {2, 3}, {3, 5}}) == std::vector<bool>{false, false, false}));
        QVERIFY((continuesWord("東京", {{0, 1}, {1, 2}}) == std::vector<bool>{false, false}));
        QVERIFY((continuesWord("é", {{0, 1}, {0, 1}}) == std::vector<bool>{false, true}));  // its two bytes
    }

    void partsBecomeTags() {
        SpanLosses losses;
        // pieces: "for" "Ann" "Lee" "at" "six"; tags: O, B/I-name 1/2, B/I-time 3/4
        const auto text = tagged("for Ann Lee at six", {{4, 11, 0}, {15, 18, 1}}, SpanPieces::All, losses);
        QCOMPARE(text.marks, (Marks{kNone, 0, 1, 2, 0, 3, kNone}));
        QVERIFY(describe(losses).empty());
        QCOMPARE(spanTags({"name", "time"}), (std::vector<std::string>{"O", "B-name", "I-name", "B-time", "I-time"}));
        QCOMPARE(spanTagWeights({2, 0.5}), (std::vector<double>{1, 2, 2, 0.5, 0.5}));
        QVERIFY(spanTagWeights({}).empty());
    }

    void piecesOfAWord() {
        SpanLosses losses;
        // pieces: "Bar" "bar" "a" | "Lee"
        const auto all = tagged("Barbara Lee", {{0, 11, 0}}, SpanPieces::All, losses);
        QCOMPARE(all.marks, (Marks{kNone, 1, 2, 2, 2, kNone}));
        const auto first = tagged("Barbara Lee", {{0, 11, 0}}, SpanPieces::First, losses);
        QCOMPARE(first.marks, (Marks{kNone, 1, kNone, kNone, 2, kNone}));
        QVERIFY(describe(losses).empty());
    }

    void partsThatCutTokensAreWidenedAndCounted() {
        SpanLosses losses;
        const auto all = tagged("Barbara", {{4, 6, 0}}, SpanPieces::All, losses);  // "ar" of the piece "bar"
        QCOMPARE(all.marks, (Marks{kNone, 0, 1, 0, kNone}));
        QCOMPARE(losses.widened, std::int64_t{1});
        const auto first = tagged("Barbara", {{3, 6, 0}}, SpanPieces::First, losses);  // whole pieces, half a word
        QCOMPARE(first.marks, (Marks{kNone, 1, kNone, kNone, kNone}));
        QCOMPARE(losses.widened, std::int64_t{2});
    }

    void overlapsAreLeftOutAndCounted() {
        SpanLosses losses;
        const auto text = tagged("a b c d", {{2, 5, 0}, {0, 3, 1}, {0, 1, 0}, {6, 7, 0}}, SpanPieces::All, losses);
        QCOMPARE(text.marks, (Marks{kNone, 3, 4, 0, 1, kNone}));  // the longer of those that begin first
        QCOMPARE(losses.overlapping, std::int64_t{2});
        QCOMPARE(describe(losses).size(), std::size_t{1});
    }

    void partsBehindTheCutAndOutsideAreCounted() {
        SpanLosses losses;
        const auto text = tagged("a b c d e", {{0, 1, 0}, {8, 9, 0}}, SpanPieces::All, losses, 4);
        QVERIFY(text.truncated);
        QCOMPARE(text.ids, (Ids{1, 10, 12, 2}));
        QCOMPARE(text.marks, (Marks{kNone, 1, 0, kNone}));
        QCOMPARE(losses.cut, std::int64_t{1});
        tagged("a  b", {{1, 3, 0}, {9, 12, 0}}, SpanPieces::All, losses);
        QCOMPARE(losses.empty, std::int64_t{2});
    }

    void conversationsLearnWhatTheyAreAskedTo_data() {
        QTest::addColumn<int>("from");
        QTest::addColumn<QStringList>("expected");
        QTest::newRow("answers") << static_cast<int>(LearnFrom::Answers)
                                 << QStringList{"a1", "<|end|>", "a3", "<|end|>"};
        QTest::newRow("last answer") << static_cast<int>(LearnFrom::LastAnswer) << QStringList{"a3", "<|end|>"};
        QTest::newRow("everything") << static_cast<int>(LearnFrom::Everything) << QStringList{};
    }
    /// Three turns; the second answer has the weight 0.
    void conversationsLearnWhatTheyAreAskedTo() {
        QFETCH(int, from);
        QFETCH(QStringList, expected);
        const test::WordTokenizer tokenizer(true);
        const auto format = infer::ChatFormat::of(tokenizer, {});
        const std::vector<ExampleMessage> talk{{"system", "be kind", true}, {"user", "q1", true},
                                               {"assistant", "a1", true},   {"user", "q2", true},
                                               {"assistant", "a2", false},  {"user", "q3", true},
                                               {"assistant", "a3", true},   {"user", "nobody answers", true}};
        ConversationLosses losses;
        const auto text = encodeConversation(tokenizer, format, talk, static_cast<LearnFrom>(from), 100, losses);
        Ids wanted;
        for (const QString& token : expected)
            wanted.push_back(tokenizer.find(token.toStdString()).value_or(-1));
        if (from == static_cast<int>(LearnFrom::Everything)) {
            // The system's words stand in front of the first question: no <|system|> in this vocabulary.
            QCOMPARE(learnt(text).size() + 1, text.ids.size());
            QCOMPARE(text.marks.front(), kNone);
        } else {
            QCOMPARE(learnt(text), wanted);
        }
        QVERIFY(std::ranges::find(text.ids, *tokenizer.find("a2")) != text.ids.end());  // context all the same
        QVERIFY(!tokenizer.find("nobody"));
        QVERIFY(describe(losses).empty());
    }

    void longConversationsLoseTheirOldestTurns() {
        const test::WordTokenizer tokenizer(true);
        const auto format = infer::ChatFormat::of(tokenizer, {});
        const std::vector<ExampleMessage> talk{
            {"user", "q1 q1b q1c", true}, {"assistant", "a1", true}, {"user", "q2", true}, {"assistant", "a2", true}};
        ConversationLosses losses;
        const auto text = encodeConversation(tokenizer, format, talk, LearnFrom::Answers, 8, losses);
        QCOMPARE(text.ids, idsOf(tokenizer, {"<s>", "<|user|>", "q2", "<|assistant|>", "a2", "<|end|>"}));
        QVERIFY(text.truncated);
        QCOMPARE(losses.shortened, std::int64_t{1});
        const std::vector<ExampleMessage> silent{{"user", "q", true}, {"assistant", "a", false}};
        QVERIFY(encodeConversation(tokenizer, format, silent, LearnFrom::Answers, 8, losses).ids.empty());
        QCOMPARE(losses.nothing, std::int64_t{1});
    }

    void templatesMarkEveryAnswer_data() {
        QTest::addColumn<QString>("source");
        QTest::newRow("as it is written")
            << "{% for m in messages %}<|{{ m['role'] }}|> {{ m['content'] }} <|end|> \n {% endfor %}"
               "{% if add_generation_prompt %}<|assistant|> {% endif %}";
        QTest::newRow("with generation blocks")
            << "{% for m in messages %}{% if m['role'] == 'assistant' %}<|assistant|> {% generation %}{{ m['content'] "
               "}} "
               "<|end|>{% endgeneration %}{% else %}<|user|> {{ m['content'] }} <|end|>{% endif %}\n{% endfor %}"
               "{% if add_generation_prompt %}<|assistant|> {% endif %}";
    }
    void templatesMarkEveryAnswer() {
        QFETCH(QString, source);
        QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString();
        QVERIFY(writeFileAtomically(path / "chat_template.jinja", source.toStdString()));
        QVERIFY(
            writeJsonFile(path / "tokenizer_config.json", {{"added_tokens_decoder",
                                                            {{"6", {{"content", "<|user|>"}, {"special", true}}},
                                                             {"7", {{"content", "<|assistant|>"}, {"special", true}}},
                                                             {"8", {{"content", "<|end|>"}, {"special", true}}}}}}));
        const test::WordTokenizer tokenizer(true);
        const auto format = infer::ChatFormat::of(tokenizer, path);
        QVERIFY(format.kind() == infer::ChatFormat::Kind::Template);
        const std::vector<ExampleMessage> talk{
            {"user", "q1", true}, {"assistant", "a1", true}, {"user", "q2", true}, {"assistant", "a2", true}};
        ConversationLosses losses;
        const auto text = encodeConversation(tokenizer, format, talk, LearnFrom::Answers, 100, losses);
        QCOMPARE(learnt(text), idsOf(tokenizer, {"a1", "<|end|>", "a2", "<|end|>"}));
        QCOMPARE(text.ids.back(), *tokenizer.find("<|end|>"));
        // Both together are what is asked, then answered.
        const auto last = encodeConversation(tokenizer, format, talk, LearnFrom::LastAnswer, 100, losses);
        QCOMPARE(last.ids, text.ids);
        QCOMPARE(learnt(last), idsOf(tokenizer, {"a2", "<|end|>"}));
        QVERIFY(describe(losses).empty());
    }

    void packedRowsHoldEveryTextOnce() {
        EncodedSet texts;
        for (int i = 0; i < 50; ++i) {
            EncodedText text{.ids = Ids(static_cast<std::size_t>(1 + i % 9), 100 + i), .lossFrom = 1};
            if (i % 2)
                text.marks.assign(text.ids.size(), i % 3 ? 0 : kNone);
            texts.add(text);
        }
        const EncodedSet rows = packWhole(texts, 16);
        std::map<text::TokenId, std::size_t> seen;
        for (std::size_t r = 0; r < rows.size(); ++r) {
            QVERIFY(rows.ids(r).size() <= 16);
            std::size_t begin = 0;
            std::vector<std::int32_t> ends(rows.starts(r).begin(), rows.starts(r).end());
            ends.push_back(static_cast<std::int32_t>(rows.ids(r).size()));
            for (const auto end : ends) {
                const auto id = rows.ids(r)[begin];
                QVERIFY(seen.emplace(id, static_cast<std::size_t>(end) - begin).second);
                for (std::size_t t = begin; t < static_cast<std::size_t>(end); ++t) {
                    QCOMPARE(rows.ids(r)[t], id);  // whole and together
                    const bool masked = (id - 100) % 2 && (id - 100) % 3 == 0;
                    QCOMPARE(rows.marks(r)[t], t == begin || masked ? kNone : 0);
                }
                begin = static_cast<std::size_t>(end);
            }
        }
        QCOMPARE(seen.size(), std::size_t{50});
        for (const auto& [id, length] : seen)
            QCOMPARE(length, static_cast<std::size_t>(1 + (id - 100) % 9));
        QVERIFY(rows.size() <= 16);  // 245 tokens: at best 16 rows
    }

    void longTextHasARowOfItsOwn() {
        EncodedSet texts;
        texts.add({.ids = Ids(20, 7)});
        texts.add({.ids = Ids(2, 8)});
        QCOMPARE(packWhole(texts, 16).size(), std::size_t{2});
    }
};

QTEST_GUILESS_MAIN(TestTaskEncoding)
#include "tst_task_encoding.moc"
