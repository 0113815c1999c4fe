// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <limits>

#include "text/sentencepiece/segmenter.h"

namespace lathe::text {
namespace {

constexpr float kUnknownPenalty = 10.0F;

class UnigramSegmenter final : public Segmenter {
public:
    explicit UnigramSegmenter(const SentencePieceFile& file)
        : m_unknown(file.unknownId), m_wholeText(piecesCrossWords(file)) {
        std::vector<std::pair<std::string_view, std::int32_t>> pieces;
        float least = std::numeric_limits<float>::max();
        float most = std::numeric_limits<float>::min();  // above 0: what the library begins with
        for (std::size_t id = 0; id < file.pieces.size(); ++id) {
            const auto& [text, score, type] = file.pieces[id];
            if (type == PieceType::Normal) {
                least = std::min(least, score);
                most = std::max(most, score);
            }
            // An unused piece is as if it were not there.
            if (type == PieceType::Normal || type == PieceType::UserDefined)
                pieces.emplace_back(text, static_cast<std::int32_t>(id));
        }
        m_scores.resize(file.pieces.size());
        for (const auto& [text, id] : pieces) {
            const auto at = static_cast<std::size_t>(id);
            // A user's own symbol is worth more than anything that it could be cut into.
            m_scores[at] = file.pieces[at].type == PieceType::UserDefined
                               ? double(static_cast<float>(text.size()) * most) - 0.1
                               : double(file.pieces[at].score);
        }
        m_unknownScore = least - kUnknownPenalty;
        m_trie.build(std::move(pieces));
    }

    void cut(std::string_view text, std::vector<Cut>& out) const override {
        // Where no piece crosses the end of a word, every path goes through it: the words are searched one by one, with
        // the score carried on, because the sums round as those over the whole text do.
        std::vector<Best> best;
        float score = 0;
        for (std::size_t begin = 0; begin < text.size();) {
            const std::size_t end = m_wholeText ? text.size() : wordEnd(text, begin);
            score = cutWord(text.substr(begin, end - begin), score, best, out);
            begin = end;
        }
    }

private:
    /// The best path that ends at a place.
    struct Best {
        float score = 0;
        TokenId id = -1;
        std::uint32_t begin = 0;  // of its last piece
        bool reached = false;
    };

    float cutWord(std::string_view word, float score, std::vector<Best>& best, std::vector<Cut>& out) const {
        best.assign(word.size() + 1, Best{});
        best[0].score = score;
        for (std::size_t begin = 0; begin < word.size();) {
            const float here = best[begin].score;
            const std::size_t character = characterBytes(word.substr(begin));
            bool single = false;
            PieceTrie::Node node = PieceTrie::kRoot;
            for (std::size_t end = begin; end < word.size();) {
                node = m_trie.child(node, static_cast<unsigned char>(word[end++]));
                if (node == PieceTrie::kNone)
                    break;
                const std::int32_t id = m_trie.value(node);
                if (id < 0)
                    continue;
                // The sum in double and the kept score in float, as in the library: ties are decided by it.
                const double candidate = m_scores[static_cast<std::size_t>(id)] + double(here);
                if (!best[end].reached || candidate > double(best[end].score))
                    best[end] = {static_cast<float>(candidate), id, static_cast<std::uint32_t>(begin), true};
                single = single || end - begin == character;
            }
            if (!single) {
                Best& target = best[begin + character];
                const float candidate = m_unknownScore + here;
                if (!target.reached || candidate > target.score)
                    target = {candidate, m_unknown, static_cast<std::uint32_t>(begin), true};
            }
            begin += character;
        }
        const std::size_t first = out.size();
        for (std::size_t end = word.size(); end > 0; end = best[end].begin)
            out.push_back({best[end].id, static_cast<std::uint32_t>(end) - best[end].begin});
        std::reverse(out.begin() + static_cast<std::ptrdiff_t>(first), out.end());
        return best[word.size()].score;
    }

    PieceTrie m_trie;
    std::vector<double> m_scores;  // by id
    float m_unknownScore = 0;
    TokenId m_unknown;
    bool m_wholeText;
};

}  // namespace

std::unique_ptr<const Segmenter> makeUnigramSegmenter(const SentencePieceFile& file) {
    return std::make_unique<UnigramSegmenter>(file);
}

}  // namespace lathe::text
