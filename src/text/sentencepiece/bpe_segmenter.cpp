// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <queue>
#include <unordered_map>

#include "text/sentencepiece/segmenter.h"
#include "text/vocabulary.h"

namespace lathe::text {
namespace {

// Below this many symbols the best pair is found faster by looking at all of them.
constexpr std::size_t kScannedSymbols = 24;
constexpr std::uint32_t kNowhere = 0xFFFFFFFF;

struct Symbol {
    std::uint32_t begin = 0, bytes = 0;  // no bytes: joined to the symbol before it
    std::uint32_t previous = kNowhere, next = kNowhere;
    TokenId joined = -1;  // the piece that it makes with the next one
};

/// Two neighbours that may be joined.
struct Pair {
    float score = 0;
    std::uint32_t left = 0, right = 0, bytes = 0;
    bool operator<(const Pair& other) const {
        return score < other.score || (score == other.score && left > other.left);
    }
};

class BpeSegmenter final : public Segmenter {
public:
    BpeSegmenter(const SentencePieceFile& file, const PieceTrie& userDefined)
        : m_userDefined(userDefined), m_unknown(file.unknownId), m_crossing(piecesCrossWords(file)) {
        std::size_t bytes = 0;
        for (const auto& piece : file.pieces)
            bytes += piece.text.size();
        m_arena.reserve(bytes);  // never grows: the table's keys point into it
        m_ids.reserve(file.pieces.size());
        for (std::size_t id = 0; id < file.pieces.size(); ++id) {
            const auto& [text, score, type] = file.pieces[id];
            m_scores.push_back(score);
            m_unused.push_back(type == PieceType::Unused);
            m_hasUnused = m_hasUnused || type == PieceType::Unused;
            if (!isWrittenPiece(type))
                continue;
            const std::size_t begin = m_arena.size();
            m_arena += text;
            m_ids.insert(std::string_view(m_arena).substr(begin), static_cast<TokenId>(id));
        }
    }

    void cut(std::string_view text, std::vector<Cut>& out) const override {
        // A user's own symbol is never joined to anything: what lies between two of them is cut by itself.
        std::size_t begin = 0;
        for (std::size_t at = 0; at < text.size() && !m_userDefined.isEmpty();) {
            const std::size_t length = m_userDefined.longest(text.substr(at));
            if (length == 0) {
                at += characterBytes(text.substr(at));
                continue;
            }
            cutWords(text.substr(begin, at - begin), out);
            out.push_back({idOf(text.substr(at, length)), static_cast<std::uint32_t>(length)});
            at += length;
            begin = at;
        }
        cutWords(text.substr(begin), out);
    }

private:
    /// Joins the symbols of one stretch of text.
    class Stretch;

    void cutWords(std::string_view text, std::vector<Cut>& out) const;
    TokenId find(std::string_view piece) const { return piece.size() > m_ids.longestBytes() ? -1 : m_ids.find(piece); }
    TokenId idOf(std::string_view piece) const {
        const TokenId id = find(piece);
        return id < 0 ? m_unknown : id;
    }
    float score(TokenId id) const { return m_scores[static_cast<std::size_t>(id)]; }
    bool isUnused(TokenId id) const { return m_unused[static_cast<std::size_t>(id)]; }

    const PieceTrie& m_userDefined;
    std::string m_arena;
    StringTable m_ids;
    std::vector<float> m_scores;
    std::vector<bool> m_unused;
    bool m_hasUnused = false;
    TokenId m_unknown;
    bool m_crossing;
};

class BpeSegmenter::Stretch {
public:
    explicit Stretch(const BpeSegmenter& model) : m_model(model) {}

    void cut(std::string_view text, std::vector<Cut>& out) {
        m_text = text;
        m_symbols.clear();
        m_splits.clear();
        while (!text.empty()) {
            const auto index = static_cast<std::uint32_t>(m_symbols.size());
            const std::size_t bytes = characterBytes(text);
            text.remove_prefix(bytes);
            m_symbols.push_back({static_cast<std::uint32_t>(m_text.size() - text.size() - bytes),
                                 static_cast<std::uint32_t>(bytes), index - 1, index + 1, -1});
        }
        m_symbols.front().previous = kNowhere;
        m_symbols.back().next = kNowhere;
        if (m_symbols.size() <= kScannedSymbols)
            joinByScan();
        else
            joinByQueue();
        for (std::uint32_t at = 0; at != kNowhere; at = m_symbols[at].next)
            give(m_symbols[at].begin, m_symbols[at].bytes, out);
    }

private:
    std::string_view textOf(std::uint32_t begin, std::uint32_t bytes) const { return m_text.substr(begin, bytes); }
    /// Looks up what \p left makes with its neighbour.
    void look(std::uint32_t left) {
        Symbol& symbol = m_symbols[left];
        symbol.joined = -1;
        if (symbol.next == kNowhere)
            return;
        const std::uint32_t bytes = symbol.bytes + m_symbols[symbol.next].bytes;
        symbol.joined = m_model.find(textOf(symbol.begin, bytes));
        // An unused piece may be a step to a longer one; if it is not, it is taken apart again where it was joined.
        if (symbol.joined >= 0 && m_model.isUnused(symbol.joined))
            m_splits[textOf(symbol.begin, bytes)] = symbol.bytes;
    }
    void join(std::uint32_t left) {
        Symbol& symbol = m_symbols[left];
        Symbol& gone = m_symbols[symbol.next];
        symbol.bytes += gone.bytes;
        symbol.next = gone.next;
        gone.bytes = 0;
        if (symbol.next != kNowhere)
            m_symbols[symbol.next].previous = left;
        if (symbol.previous != kNowhere)
            look(symbol.previous);
        look(left);
    }
    void joinByScan() {
        for (std::uint32_t i = 0; i < m_symbols.size(); ++i)
            look(i);
        for (;;) {
            std::uint32_t best = kNowhere;
            for (std::uint32_t at = 0; at != kNowhere; at = m_symbols[at].next) {
                const TokenId id = m_symbols[at].joined;
                if (id >= 0 && (best == kNowhere || m_model.score(id) > m_model.score(m_symbols[best].joined)))
                    best = at;
            }
            if (best == kNowhere)
                return;
            join(best);
        }
    }
    void push(std::uint32_t left) {
        const Symbol& symbol = m_symbols[left];
        if (symbol.joined >= 0)
            m_queue.push(
                {m_model.score(symbol.joined), left, symbol.next, symbol.bytes + m_symbols[symbol.next].bytes});
    }
    void joinByQueue() {
        for (std::uint32_t i = 0; i < m_symbols.size(); ++i) {
            look(i);
            push(i);
        }
        while (!m_queue.empty()) {
            const Pair top = m_queue.top();
            m_queue.pop();
            const Symbol& left = m_symbols[top.left];
            const Symbol& right = m_symbols[top.right];
            if (left.bytes == 0 || right.bytes == 0 || left.bytes + right.bytes != top.bytes)
                continue;  // one of them was joined to another meanwhile
            join(top.left);
            if (left.previous != kNowhere)
                push(left.previous);
            push(top.left);
        }
    }
    void give(std::uint32_t begin, std::uint32_t bytes, std::vector<Cut>& out) const {
        const TokenId id = m_model.idOf(textOf(begin, bytes));
        if (m_model.isUnused(id)) {
            const auto split = m_splits.find(textOf(begin, bytes));
            if (split != m_splits.end()) {
                give(begin, split->second, out);
                give(begin + split->second, bytes - split->second, out);
                return;
            }
        }
        out.push_back({id, bytes});
    }

    const BpeSegmenter& m_model;
    std::string_view m_text;
    std::vector<Symbol> m_symbols;
    std::priority_queue<Pair> m_queue;
    std::unordered_map<std::string_view, std::uint32_t> m_splits;  // bytes of the left part
};

void BpeSegmenter::cutWords(std::string_view text, std::vector<Cut>& out) const {
    Stretch stretch(*this);
    // Unused pieces are taken apart as the last pair of their parts in the whole text was: such a text is cut as one.
    const bool whole = m_crossing || m_hasUnused;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = whole ? text.size() : wordEnd(text, begin);
        stretch.cut(text.substr(begin, end - begin), out);
        begin = end;
    }
}

}  // namespace

std::unique_ptr<const Segmenter> makeBpeSegmenter(const SentencePieceFile& file, const PieceTrie& userDefined) {
    return std::make_unique<BpeSegmenter>(file, userDefined);
}

}  // namespace lathe::text
