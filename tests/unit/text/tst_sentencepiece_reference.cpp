// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The engine's own SentencePiece against the library, over models of every kind and random Unicode.
#include <QTest>

#include <random>

#include "core/utf8.h"
#include "text/sentencepiece/sentencepiece_model.h"
#include "text/sentencepiece/trainer_library.h"

using namespace lathe;
using namespace lathe::text;

namespace {

using Options = std::vector<std::pair<std::string, std::string>>;

/// A model loaded by the library.
class Library {
public:
    explicit Library(const std::string& model) {
        const auto module = sentencePieceModule();
        if (!module)
            return;
        m_api = *module;
        m_model = m_api->load(model.data(), model.size(), sink());
    }
    ~Library() {
        if (m_model != nullptr)
            m_api->unload(m_model);
    }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
    bool isLoaded() const { return m_model != nullptr; }
    std::vector<LatheSpPiece> encode(const std::string& text) const {
        std::vector<LatheSpPiece> out;
        const auto take = [](void* user, const LatheSpPiece* pieces, size_t count) {
            static_cast<std::vector<LatheSpPiece>*>(user)->assign(pieces, pieces + count);
        };
        m_api->encode(m_model, text.data(), text.size(), take, &out, sink());
        return out;
    }
    std::string decode(const std::vector<TokenId>& ids) const {
        std::string out;
        const auto take = [](void* user, const char* bytes, size_t size) {
            static_cast<std::string*>(user)->assign(bytes, size);
        };
        m_api->decode(m_model, ids.data(), ids.size(), take, &out, sink());
        return out;
    }

private:
    static LatheSpError sink() {
        return {[](void*, const char*, size_t) {}, nullptr};
    }
    const LatheSpApi* m_api = nullptr;
    LatheSpModel* m_model = nullptr;
};

std::vector<std::string> corpus() {
    const std::vector<std::string> parts{
        "the card", " was declined", "  and 3.50 euros", "信用卡", "还没有到账",  "don't",    "naïve café",  "ﬁne ½",
        "Привет",   "한국어 문장",   "hello-world",      "ABC",    "e\u0301tude", "ＦＵＬＬ", "x = y_1 + 2;"};
    std::mt19937 random(7);
    std::vector<std::string> texts;
    for (int i = 0; i < 600; ++i) {
        std::string text;
        for (int w = 0; w < 8; ++w)
            text += parts[random() % parts.size()] + (random() % 3 == 0 ? "" : " ");
        texts.push_back(text);
    }
    return texts;
}

/// Texts of everything: words of the corpus, all planes, spaces of all kinds, marks, bytes that are no UTF-8.
std::string randomText(std::mt19937& random) {
    static const std::vector<std::string> words{"the",    "card",   "信用",   "卡",     "don't",    "<s>",   "<sep>",
                                                "▁",      " ",      "  ",     "\t",     "\n",       "é",     "ﬁ",
                                                "Ⅳ",      "½",      "\u3000", "\u200b", "👍🏽", "\xFF",  "\xE4\xBF",
                                                "<0x41>", "[user]", "한",     "ㄱ",     "\u0301",   "\u00A0"};
    std::string text;
    const std::size_t length = random() % 30;
    for (std::size_t i = 0; i < length; ++i) {
        switch (random() % 6) {
            case 0:
            case 1:
                text += words[random() % words.size()];
                break;
            case 2:
                text.push_back(static_cast<char>(' ' + random() % 95));
                break;
            case 3:
                appendUtf8(text, char32_t(0x80 + random() % 0x3000));
                break;
            case 4:
                appendUtf8(text, char32_t(0x4E00 + random() % 0x200));
                break;
            default: {
                const auto c = char32_t(1 + random() % 0x10FFFE);
                appendUtf8(text, c >= 0xD800 && c <= 0xDFFF ? U'x' : c);
            }
        }
    }
    return text;
}

}  // namespace

class TestSentencePieceReference : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void same_data();
    void same();
    void wordByWordIsTheWholeText();
};

void TestSentencePieceReference::same_data() {
    QTest::addColumn<Options>("options");
    const Options unigram{{"model_type", "unigram"}, {"vocab_size", "400"}};
    const Options bpe{{"model_type", "bpe"}, {"vocab_size", "400"}};
    const auto with = [](Options options, const Options& more) {
        options.insert(options.end(), more.begin(), more.end());
        return options;
    };
    for (const auto& [name, base] : {std::pair{"unigram", unigram}, std::pair{"bpe", bpe}}) {
        QTest::addRow("%s", name) << base;
        QTest::addRow("%s, bytes", name) << with(base, {{"byte_fallback", "true"}, {"vocab_size", "600"}});
        QTest::addRow("%s, identity", name) << with(base, {{"normalization_rule_name", "identity"}});
        QTest::addRow("%s, folded", name) << with(base, {{"normalization_rule_name", "nmt_nfkc_cf"}});
        QTest::addRow("%s, spaces kept", name) << with(base, {{"remove_extra_whitespaces", "false"}});
        QTest::addRow("%s, no dummy prefix", name)
            << with(base, {{"add_dummy_prefix", "false"}, {"remove_extra_whitespaces", "false"}});
        QTest::addRow("%s, spaces at the end", name) << with(base, {{"treat_whitespace_as_suffix", "true"}});
        QTest::addRow("%s, pieces across words", name) << with(base, {{"split_by_whitespace", "false"}});
        QTest::addRow("%s, pieces of spaces", name)
            << with(base, {{"allow_whitespace_only_pieces", "true"}, {"remove_extra_whitespaces", "false"}});
        QTest::addRow("%s, user's symbols", name)
            << with(base, {{"user_defined_symbols", "[user],<sep>,信用卡,e,don't"}, {"control_symbols", "<ctl>"}});
        QTest::addRow("%s, other names", name) << with(base, {{"unk_piece", "[UNK]"},
                                                              {"unk_surface", "?"},
                                                              {"bos_piece", "[CLS]"},
                                                              {"eos_piece", "[SEP]"},
                                                              {"pad_id", "3"}});
    }
    QTest::newRow("word") << Options{{"model_type", "word"}, {"vocab_size", "60"}, {"hard_vocab_limit", "false"}};
    QTest::newRow("char") << Options{{"model_type", "char"},
                                     {"vocab_size", "60"},
                                     {"hard_vocab_limit", "false"},
                                     {"user_defined_symbols", "card,<sep>"}};
}

void TestSentencePieceReference::same() {
    QFETCH(Options, options);
    options.insert(options.end(), {{"minloglevel", "3"}, {"hard_vocab_limit", "false"}, {"num_threads", "1"}});
    const auto trained = runSentencePieceTrainer(corpus(), options, [] { return false; });
    QVERIFY2(trained, trained ? "" : trained.error().message.c_str());
    const Library library(*trained);
    QVERIFY(library.isLoaded());
    const auto loaded = SentencePieceModel::load(*trained, "model");
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    const SentencePieceModel& own = **loaded;

    std::mt19937 random(11);
    std::size_t compared = 0;
    for (int round = 0; round < 1500; ++round) {
        const std::string text = randomText(random);
        const std::vector<LatheSpPiece> want = library.encode(text);
        const std::vector<FoundPiece> got = own.encode(text, true);
        const std::string shown = "text: " + text;
        QVERIFY2(got.size() == want.size(), shown.c_str());
        compared += want.size();
        std::vector<TokenId> ids;
        for (std::size_t i = 0; i < got.size(); ++i) {
            QVERIFY2(got[i].id == want[i].id, shown.c_str());
            // The library gives the range of a character spelled in bytes to the last byte alone.
            if (own.type(got[i].id) != PieceType::Byte || want[i].end > want[i].begin)
                QVERIFY2(got[i].begin == want[i].begin && got[i].end == want[i].end, shown.c_str());
            ids.push_back(got[i].id);
        }
        QCOMPARE(own.decode(ids), library.decode(ids));
        // Ids in no order that a text gives.
        std::vector<TokenId> scrambled;
        for (std::size_t i = 0; i < 12; ++i)
            scrambled.push_back(static_cast<TokenId>(random() % static_cast<unsigned>(own.size())));
        QCOMPARE(own.decode(scrambled), library.decode(scrambled));
    }
    QVERIFY2(compared > 1000, qPrintable(QString::number(compared)));
}

void TestSentencePieceReference::wordByWordIsTheWholeText() {
    // A long text: rounding of the scores' sum must be that of one search over all of it.
    const auto trained = runSentencePieceTrainer(
        corpus(),
        {{"model_type", "unigram"}, {"vocab_size", "400"}, {"minloglevel", "3"}, {"hard_vocab_limit", "false"}},
        [] { return false; });
    QVERIFY(trained);
    const Library library(*trained);
    const auto own = SentencePieceModel::load(*trained, "model");
    QVERIFY(own && library.isLoaded());
    std::mt19937 random(3);
    std::string text;
    while (text.size() < 200000)
        text += randomText(random) + " the card";
    const auto want = library.encode(text);
    const auto got = (*own)->encode(text, false);
    QCOMPARE(got.size(), want.size());
    for (std::size_t i = 0; i < got.size(); ++i)
        QCOMPARE(got[i].id, want[i].id);
}

QTEST_GUILESS_MAIN(TestSentencePieceReference)
#include "tst_sentencepiece_reference.moc"
