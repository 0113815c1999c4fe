// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// BPE, Unigram and the trie against the plainest way to compute the same, on random words; and long words in time.
#include <QTest>

#include <chrono>
#include <map>
#include <random>

#include "core/utf8.h"
#include "text/byte_alphabet.h"
#include "text/models/bpe.h"
#include "text/models/unigram.h"

using namespace lathe;
using namespace lathe::text;

namespace {

using Ids = std::vector<TokenId>;

Ids idsOf(const Model& model, std::string_view word) {
    const auto memory = model.newMemory();
    std::vector<ModelToken> tokens;
    // Twice: the second time from memory.
    model.tokenize(word, *memory, tokens);
    std::vector<ModelToken> again;
    model.tokenize(word, *memory, again);
    if (tokens != again)
        qFatal("a remembered word is cut differently");
    Ids ids;
    for (const ModelToken& token : tokens)
        ids.push_back(token.id);
    return ids;
}

/// A vocabulary of letters and joined tokens, each made of two that were there before.
BpeSpec randomBpe(std::mt19937& random, const std::vector<std::string>& letters, std::size_t merges) {
    BpeSpec spec;
    spec.tokens = letters;
    for (std::uint32_t rank = 0; rank < merges; ++rank) {
        const auto pick = [&] { return static_cast<TokenId>(random() % spec.tokens.size()); };
        const BpeMerge merge{pick(), pick(), rank};
        const std::string joined =
            spec.tokens[static_cast<std::size_t>(merge.left)] + spec.tokens[static_cast<std::size_t>(merge.right)];
        if (std::ranges::find(spec.tokens, joined) == spec.tokens.end())
            spec.tokens.push_back(joined);
        spec.merges.push_back(merge);
    }
    return spec;
}

/// The pair of lowest rank, leftmost first, joined until none is left.
Ids plainBpe(const BpeSpec& spec, Ids ids) {
    std::map<std::pair<TokenId, TokenId>, std::uint32_t> ranks;
    for (const BpeMerge& merge : spec.merges)
        ranks[{merge.left, merge.right}] = merge.rank;
    for (;;) {
        std::size_t best = ids.size();
        std::uint32_t rank = ~0u;
        for (std::size_t i = 0; i + 1 < ids.size(); ++i)
            if (const auto found = ranks.find({ids[i], ids[i + 1]}); found != ranks.end() && found->second < rank)
                best = i, rank = found->second;
        if (best == ids.size())
            return ids;
        const std::string joined =
            spec.tokens[static_cast<std::size_t>(ids[best])] + spec.tokens[static_cast<std::size_t>(ids[best + 1])];
        ids[best] = static_cast<TokenId>(std::ranges::find(spec.tokens, joined) - spec.tokens.begin());
        ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(best) + 1);
    }
}

double secondsOf(const std::function<void()>& what) {
    const auto start = std::chrono::steady_clock::now();
    what();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

class TestTokenModels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void bpeJoinsByRank();
    void bpeLikeThePlainWay();
    void bpeUnknownCharacters();
    void bpeByteFallback();
    void bpePrefixAndSuffix();
    void bpeWholeWords();
    void bpeByteLevel();
    void bpeBrokenSpecs();
    void bpeLongWords();
    void mergesOfScores();
    void unigramBestPath();
    void unigramUnknown();
    void unigramBrokenSpecs();
    void unigramLongWords();
    void trieLikeAMap();
    void byteAlphabet();
};

void TestTokenModels::bpeJoinsByRank() {
    BpeSpec spec;
    spec.tokens = {"a", "b", "c", "ab", "bc", "abc"};
    spec.merges = {{1, 2, 0}, {0, 1, 1}, {0, 4, 2}};
    const auto bpe = Bpe::make(spec, "test");
    QVERIFY(bpe);
    QVERIFY((idsOf(**bpe, "abc") == Ids{5}));
    QVERIFY((idsOf(**bpe, "abab") == Ids{3, 3}));
    QVERIFY((idsOf(**bpe, "bcab") == Ids{4, 3}));
    QVERIFY(idsOf(**bpe, "").empty());
}

void TestTokenModels::bpeLikeThePlainWay() {
    std::mt19937 random(7);
    const std::vector<std::string> letters{"a", "b", "c", "d", "\u00e9", "信", "▁", "😀"};
    for (int round = 0; round < 60; ++round) {
        const BpeSpec spec = randomBpe(random, letters, 40);
        const auto bpe = Bpe::make(spec, "test");
        QVERIFY(bpe);
        for (int one = 0; one < 60; ++one) {
            // Short words take one way through the code, long ones another.
            const std::size_t length = one % 3 == 0 ? 200 : 1 + random() % 20;
            Ids plain;
            std::string word;
            for (std::size_t i = 0; i < length; ++i) {
                plain.push_back(static_cast<TokenId>(random() % letters.size()));
                word += letters[static_cast<std::size_t>(plain.back())];
            }
            QVERIFY2(idsOf(**bpe, word) == plainBpe(spec, plain), word.c_str());
        }
    }
}

void TestTokenModels::bpeUnknownCharacters() {
    BpeSpec spec;
    spec.tokens = {"<unk>", "a", "b"};
    spec.unknownToken = "<unk>";
    QVERIFY((idsOf(**Bpe::make(spec, "test"), "accb") == Ids{1, 0, 0, 2}));
    spec.fuseUnknown = true;
    const auto fused = *Bpe::make(spec, "test");
    QVERIFY((idsOf(*fused, "accb") == Ids{1, 0, 2}));
    std::vector<ModelToken> tokens;
    fused->tokenize("a信cb", *fused->newMemory(), tokens);
    QVERIFY((tokens == std::vector<ModelToken>{{1, 0, 1}, {0, 1, 5}, {2, 5, 6}}));
    spec.unknownToken.clear();
    QVERIFY((idsOf(**Bpe::make(spec, "test"), "accb") == Ids{1, 2}));
}

void TestTokenModels::bpeByteFallback() {
    BpeSpec spec;
    spec.tokens = {"<unk>", "a", "<0xE4>", "<0xBF>", "<0xA1>"};
    spec.unknownToken = "<unk>";
    spec.byteFallback = true;
    const auto bpe = *Bpe::make(spec, "test");
    std::vector<ModelToken> tokens;
    bpe->tokenize("a信用", *bpe->newMemory(), tokens);  // E4 BF A1, E7 94 A8
    QVERIFY((tokens == std::vector<ModelToken>{{1, 0, 1}, {2, 1, 2}, {3, 2, 3}, {4, 3, 4}, {0, 4, 7}}));
}

void TestTokenModels::bpePrefixAndSuffix() {
    BpeSpec spec;
    spec.tokens = {"a", "##a", "##a</w>", "a##a", "aa</w>", "a</w>", "aa"};
    spec.continuingPrefix = "##";
    spec.wordSuffix = "</w>";
    spec.merges = {{0, 2, 0}};  // "a" and "##a</w>": the prefix goes
    const auto bpe = *Bpe::make(spec, "test");
    QVERIFY((idsOf(*bpe, "aa") == Ids{4}));
    QVERIFY((idsOf(*bpe, "aaa") == Ids{0, 1, 2}));
    QVERIFY((idsOf(*bpe, "a") == Ids{5}));
}

void TestTokenModels::bpeWholeWords() {
    BpeSpec spec;
    spec.tokens = {"a", "b", "aba"};
    QVERIFY((idsOf(**Bpe::make(spec, "test"), "aba") == Ids{0, 1, 0}));
    spec.ignoreMerges = true;
    QVERIFY((idsOf(**Bpe::make(spec, "test"), "aba") == Ids{2}));
}

void TestTokenModels::bpeByteLevel() {
    BpeSpec spec;
    spec.tokens = {"Ġ", "a", "ä", "½", "ł", "Ġa", "ä½", "ä½ł"};  // U+4F60 is E4 BD A0
    spec.merges = {{0, 1, 0}, {2, 3, 1}, {6, 4, 2}};
    spec.byteLevel = true;
    const auto bpe = *Bpe::make(spec, "test");
    QVERIFY((idsOf(*bpe, " a你") == Ids{5, 7}));
    QVERIFY((idsOf(*bpe, "\xE4\xBD") == Ids{6}));
    QVERIFY((bpe->token(7) == "ä½ł"));
}

void TestTokenModels::bpeBrokenSpecs() {
    BpeSpec spec;
    spec.tokens = {"a", "b"};
    spec.merges = {{0, 1, 0}};
    auto broken = Bpe::make(spec, "x.json");
    QVERIFY(!broken);
    QVERIFY(broken.error().message.find("x.json") == 0 && broken.error().message.find("\"ab\"") != std::string::npos);
    spec.merges = {{0, 7, 0}};
    QVERIFY(!Bpe::make(spec, "x.json"));
    spec.merges = {};
    spec.unknownToken = "<unk>";
    QVERIFY(!Bpe::make(spec, "x.json"));
}

void TestTokenModels::bpeLongWords() {
    std::mt19937 random(11);
    BpeSpec spec = randomBpe(random, {"a", "b", "c", "d"}, 200);
    for (const bool byteLevel : {false, true}) {
        spec.byteLevel = byteLevel;
        const auto bpe = *Bpe::make(spec, "test");
        const auto seconds = [&](std::size_t bytes) {
            std::string word;
            for (std::size_t i = 0; i < bytes; ++i)
                word += static_cast<char>('a' + random() % 4);
            return secondsOf([&] { idsOf(*bpe, word); });
        };
        seconds(100'000);
        const double small = seconds(250'000);
        const double large = seconds(1'000'000);
        qInfo("250 kB in %.3f s, 1 MB in %.3f s", small, large);
        QVERIFY2(large < 12 * small, "the time grows with the square of the length");
        QVERIFY(large < 10);
    }
}

void TestTokenModels::mergesOfScores() {
    BpeSpec spec;
    spec.tokens = {"a", "b", "ab", "ba", "aba"};
    const std::vector<float> scores{-5, -6, -2, -1, -3};
    spec.merges = mergesFromScores(spec.tokens, scores);
    QVERIFY((idsOf(**Bpe::make(spec, "test"), "aba") == Ids{4}));  // a ba, by the higher score of "ba", then aba
    QVERIFY((idsOf(**Bpe::make(spec, "test"), "abab") == Ids{4, 1}));
    spec.merges = mergesFromScores(spec.tokens, scores, {true, true, true, false, true});
    QVERIFY((idsOf(**Bpe::make(spec, "test"), "abab") == Ids{2, 2}));
}

void TestTokenModels::unigramBestPath() {
    std::mt19937 random(5);
    const std::vector<std::string> letters{"a", "b", "信", "é"};
    for (int round = 0; round < 40; ++round) {
        UnigramSpec spec;
        spec.tokens = {"<unk>"};
        spec.scores = {0};
        spec.unknown = 0;
        for (int i = 0; i < 30; ++i) {
            std::string token;
            for (std::size_t length = 1 + random() % 4; length > 0; --length)
                token += letters[random() % letters.size()];
            if (std::ranges::find(spec.tokens, token) != spec.tokens.end())
                continue;
            spec.tokens.push_back(token);
            spec.scores.push_back(-1.0 - double(random() % 1000) / 50);
        }
        const auto model = *Unigram::make(spec, "test");
        const double unknown = *std::ranges::min_element(spec.scores) - 10;
        for (int one = 0; one < 30; ++one) {
            std::u32string word;
            for (std::size_t length = 1 + random() % 12; length > 0; --length)
                word += toCodePoints(letters[random() % letters.size()]);
            // The best sum by trying every cut; unknown characters are single.
            std::vector<double> best(word.size() + 1, -1e300);
            best[0] = 0;
            for (std::size_t end = 1; end <= word.size(); ++end)
                for (std::size_t begin = 0; begin < end; ++begin) {
                    const std::string piece = toUtf8(std::u32string_view(word).substr(begin, end - begin));
                    const auto found = std::ranges::find(spec.tokens, piece);
                    if (found != spec.tokens.end())
                        best[end] =
                            std::max(best[end], best[begin] + spec.scores[std::size_t(found - spec.tokens.begin())]);
                    else if (end == begin + 1)
                        best[end] = std::max(best[end], best[begin] + unknown);
                }
            std::vector<ModelToken> tokens;
            const std::string text = toUtf8(word);
            model->tokenize(text, *model->newMemory(), tokens);
            double sum = 0;
            std::uint32_t at = 0;
            for (const ModelToken& token : tokens) {
                QCOMPARE(token.begin, at);
                at = token.end;
                const std::string_view piece = std::string_view(text).substr(token.begin, token.end - token.begin);
                if (token.id == 0)
                    sum += unknown * double(countCodePoints(piece));
                else
                    sum += spec.scores[std::size_t(token.id)];
                QVERIFY(token.id == 0 || piece == spec.tokens[std::size_t(token.id)]);
            }
            QCOMPARE(std::size_t(at), text.size());
            QVERIFY(std::abs(sum - best.back()) < 1e-9);
        }
    }
}

void TestTokenModels::unigramUnknown() {
    UnigramSpec spec;
    spec.tokens = {"<unk>", "a", "<0x78>", "<0x79>"};
    spec.scores = {0, -1, -1, -1};
    spec.unknown = 0;
    QVERIFY((idsOf(**Unigram::make(spec, "test"), "axya") == Ids{1, 0, 1}));
    QVERIFY((idsOf(**Unigram::make(spec, "test"), "a<unk>") == Ids{1, 0}));
    spec.byteFallback = true;
    QVERIFY((idsOf(**Unigram::make(spec, "test"), "axya") == Ids{1, 2, 3, 1}));
    QVERIFY((idsOf(**Unigram::make(spec, "test"), "az") == Ids{1, 0}));
    spec.matchable = {true, false, true, true};
    spec.byteFallback = false;
    spec.unknown = -1;
    QVERIFY(idsOf(**Unigram::make(spec, "test"), "z").empty());
}

void TestTokenModels::unigramBrokenSpecs() {
    QVERIFY(!Unigram::make({}, "test"));
    UnigramSpec spec;
    spec.tokens = {"a"};
    QVERIFY(!Unigram::make(spec, "test"));
    spec.scores = {std::numeric_limits<double>::quiet_NaN()};
    QVERIFY(!Unigram::make(spec, "test"));
    spec.scores = {-1};
    spec.unknown = 1;
    QVERIFY(!Unigram::make(spec, "test"));
    spec.unknown = 0;
    QVERIFY(Unigram::make(spec, "test"));
}

void TestTokenModels::unigramLongWords() {
    UnigramSpec spec;
    spec.tokens = {"<unk>", "a", "aa", std::string(16, 'a')};
    spec.scores = {0, -1, -1.5, -3};
    spec.unknown = 0;
    const auto model = *Unigram::make(spec, "test");
    const double small = secondsOf([&] { idsOf(*model, std::string(250'000, 'a')); });
    const double large = secondsOf([&] { idsOf(*model, std::string(1'000'000, 'a')); });
    QVERIFY2(large < 12 * small, "the time grows with the square of the length");
}

void TestTokenModels::trieLikeAMap() {
    std::mt19937 random(3);
    std::map<std::string, std::int32_t> map;
    for (std::int32_t i = 0; i < 5000; ++i) {
        std::string key;
        for (std::size_t length = 1 + random() % 7; length > 0; --length)
            key += static_cast<char>(random() % (i % 2 == 0 ? 4 : 256));
        map[key] = i;
    }
    map[std::string(100'000, 'x')] = 77;
    std::vector<Trie::Key> keys;
    for (const auto& [key, value] : map) {
        keys.push_back({key, value + 1});
        keys.push_back({key, value});  // the last one counts
    }
    keys.push_back({"", 5});
    const Trie trie(keys);
    for (const auto& [key, value] : map)
        QCOMPARE(trie.find(key), value);
    for (int i = 0; i < 5000; ++i) {
        std::string text;
        for (std::size_t length = random() % 9; length > 0; --length)
            text += static_cast<char>(random() % (i % 2 == 0 ? 4 : 256));
        std::vector<std::pair<std::size_t, std::int32_t>> found, expected;
        trie.prefixes(text, [&](std::size_t length, std::int32_t value) { found.emplace_back(length, value); });
        for (std::size_t length = 1; length <= text.size(); ++length)
            if (const auto hit = map.find(text.substr(0, length)); hit != map.end())
                expected.emplace_back(length, hit->second);
        QVERIFY(found == expected);
    }
    QCOMPARE(Trie().find("a"), -1);
    QCOMPARE(Trie(std::vector<Trie::Key>{}).find(""), -1);
}

void TestTokenModels::byteAlphabet() {
    QCOMPARE(byteCharacter(' '), char32_t(0x120));
    QCOMPARE(byteCharacter('a'), U'a');
    QCOMPARE(byteCharacter(0xAD), char32_t(0x143));
    for (int byte = 0; byte < 256; ++byte)
        QCOMPARE(characterByte(byteCharacter(static_cast<unsigned char>(byte))), byte);
    QCOMPARE(characterByte(' '), -1);
    QCOMPARE(characterByte(0x4E00), -1);
    QVERIFY(bytesOf("Ġa") == " a");
    QVERIFY(!bytesOf("a b"));
}

QTEST_GUILESS_MAIN(TestTokenModels)
#include "tst_token_models.moc"
