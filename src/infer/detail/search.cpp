// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The loops over new tokens. Rows that are over leave the batch, so that the others cost no more than they must.
#include "infer/detail/search.h"

#include <algorithm>
#include <chrono>

#include "infer/detail/beams.h"
#include "infer/detail/logit_rules.h"
#include "infer/detail/sampler.h"

namespace lathe::infer {

namespace {

using torch::Tensor;
using Ids = std::vector<std::int32_t>;

double secondsSince(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

struct Padded {
    Tensor ids;   ///< [B, T] int64
    Tensor mask;  ///< [B, T] int64, 1 = real; undefined when all rows are of one length
};

/// Decoders want padding in front, where it lies between nothing; encoders behind, where it moves no position.
Padded padRows(std::span<const Ids> rows, bool inFront, torch::Device device) {
    std::size_t longest = 0, shortest = SIZE_MAX;
    for (const Ids& row : rows) {
        longest = std::max(longest, row.size());
        shortest = std::min(shortest, row.size());
    }
    const auto b = static_cast<std::int64_t>(rows.size()), t = static_cast<std::int64_t>(longest);
    Tensor ids = torch::zeros({b, t}, torch::kInt64), mask = torch::zeros({b, t}, torch::kInt64);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::size_t at = i * longest + (inFront ? longest - rows[i].size() : 0);
        std::ranges::copy(rows[i], ids.data_ptr<std::int64_t>() + at);
        std::fill_n(mask.data_ptr<std::int64_t>() + at, rows[i].size(), 1);
    }
    return {ids.to(device), shortest == longest ? Tensor() : mask.to(device)};
}

Tensor column(const Ids& ids, torch::Device device) {
    Tensor tensor = torch::empty({static_cast<std::int64_t>(ids.size()), 1}, torch::kInt64);
    std::ranges::copy(ids, tensor.data_ptr<std::int64_t>());
    return tensor.to(device);  // [B, 1]
}

Tensor indices(const std::vector<std::int64_t>& rows, torch::Device device) {
    return torch::tensor(rows, torch::kInt64).to(device);
}

std::span<float> rowOf(const Tensor& table, std::size_t row) {
    const auto width = static_cast<std::size_t>(table.size(1));
    return {table.data_ptr<float>() + row * width, width};
}

/// The network with its cache: reads prompts, then one token per row.
class Reader {
public:
    Reader(nn::Network& network, torch::Device device, const SearchSettings& settings)
        : m_network(network),
          m_device(device),
          m_isSeq2Seq(network.config().head == nn::Head::Seq2SeqLm),
          m_start(settings.decoderStart),
          m_room(settings.staysInside ? network.textPositions() : 0) {}

    /// What stands in front of the new tokens, as the rules see it.
    Ids historyOf(const Ids& prompt) const { return m_isSeq2Seq ? Ids{m_start} : prompt; }
    std::int64_t room() const { return m_room; }  ///< 0 = no limit

    /// \returns logits [B, V] float32 on the CPU, this caller's own
    Tensor readPrompts(std::span<const Ids> prompts, std::int64_t mostNew) {
        const Padded padded = padRows(prompts, !m_isSeq2Seq, m_device);
        const std::int64_t b = m_rows = padded.ids.size(0);
        m_cache = m_network.makeCache(b, (m_isSeq2Seq ? 1 : padded.ids.size(1)) + mostNew);
        if (!m_isSeq2Seq)
            return onCpu(m_network.step(padded.ids, padded.mask, *m_cache));
        nn::Batch source;
        source.ids = padded.ids;
        source.mask = padded.mask;
        m_network.prime(source, *m_cache);
        return readTokens(Ids(static_cast<std::size_t>(b), m_start));
    }
    Tensor readTokens(const Ids& ids) { return onCpu(m_network.step(column(ids, m_device), {}, *m_cache)); }
    /// Row i becomes what row rows[i] was.
    void reorder(const std::vector<std::int64_t>& rows) {
        std::int64_t next = 0;
        if (std::ssize(rows) == m_rows && std::ranges::all_of(rows, [&](std::int64_t row) { return row == next++; }))
            return;
        m_cache->reorder(indices(rows, m_device));
        m_rows = std::ssize(rows);
    }

private:
    static Tensor onCpu(const Tensor& logits) { return logits.cpu().contiguous(); }

    nn::Network& m_network;
    torch::Device m_device;
    bool m_isSeq2Seq;
    std::int32_t m_start;
    std::int64_t m_room, m_rows = 0;
    std::unique_ptr<nn::KvCache> m_cache;
};

/// One text on its way.
struct Row {
    std::size_t prompt = 0, text = 0;
    std::int64_t most = 0;
    Ids history;  ///< prompt and new tokens
    LogitRules rules;
    Sampler sampler;
    Continuation result;
};

class RowSearch {
public:
    RowSearch(Reader& reader, const SearchSettings& settings, const SearchHooks& hooks, JobContext& context)
        : m_reader(reader), m_settings(settings), m_hooks(hooks), m_context(context) {}

    SearchResult run(std::span<const Ids> prompts) {
        SearchResult result;
        result.texts.resize(prompts.size());
        makeRows(prompts);
        auto start = std::chrono::steady_clock::now();
        Tensor logits = m_reader.readPrompts(prompts, m_longest);  // [P, V]
        if (m_settings.returned > 1)
            logits = expand(logits, prompts.size());  // [P * N, V]
        result.promptSeconds = secondsSince(start);
        start = std::chrono::steady_clock::now();
        for (std::int64_t i = 0; !m_rows.empty(); ++i) {
            const auto [kept, ids] = chooseAll(logits);
            m_context.progress(i + 1, m_longest, "generate");
            if (kept.empty())
                break;
            if (kept.size() < static_cast<std::size_t>(logits.size(0)))
                m_reader.reorder(kept);
            logits = m_reader.readTokens(ids);
        }
        result.seconds = secondsSince(start);
        for (auto& texts : result.texts)
            texts.resize(static_cast<std::size_t>(m_settings.returned));
        for (Row& row : m_over)
            result.texts[row.prompt][row.text] = std::move(row.result);
        return result;
    }

private:
    void makeRows(std::span<const Ids> prompts) {
        for (std::size_t i = 0; i < prompts.size(); ++i)
            for (std::size_t text = 0; text < static_cast<std::size_t>(m_settings.returned); ++text) {
                const Ids history = m_reader.historyOf(prompts[i]);
                const auto length = static_cast<std::int64_t>(history.size());
                const std::int64_t most = m_settings.limitBehind(length, m_reader.room());
                Row row{i, text, most, history, LogitRules(m_settings, history.size(), most), Sampler(m_settings, text),
                        {}};
                row.result.finish = most < m_settings.limitBehind(length, 0) ? Finish::Context : Finish::Length;
                m_longest = std::max(m_longest, most);
                m_rows.push_back(std::move(row));
            }
    }
    Tensor expand(const Tensor& logits, std::size_t prompts) {
        std::vector<std::int64_t> rows;
        for (std::size_t i = 0; i < prompts; ++i)
            rows.insert(rows.end(), static_cast<std::size_t>(m_settings.returned), static_cast<std::int64_t>(i));
        m_reader.reorder(rows);
        return logits.index_select(0, indices(rows, torch::kCPU));
    }
    /// A token for every row. \returns which of them go on, and their tokens.
    std::pair<std::vector<std::int64_t>, Ids> chooseAll(const Tensor& logits) {
        std::vector<std::int64_t> kept;
        Ids ids;
        std::vector<Row> going;
        const bool stop = m_context.stopRequested();
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            Row& row = m_rows[i];
            if (stop)
                row.result.finish = Finish::Stopped;
            if (stop || isOverAfter(row, rowOf(logits, i))) {
                m_over.push_back(std::move(row));
                continue;
            }
            kept.push_back(static_cast<std::int64_t>(i));
            ids.push_back(row.history.back());
            going.push_back(std::move(row));
        }
        m_rows = std::move(going);
        return {std::move(kept), std::move(ids)};
    }
    bool isOverAfter(Row& row, std::span<float> scores) {
        if (row.most <= 0)
            return true;
        Tensor raw;
        if (m_settings.logProbabilities >= 0)
            raw = torch::log_softmax(torch::from_blob(scores.data(), static_cast<std::int64_t>(scores.size())), 0);
        row.rules.apply(scores, row.history);
        const std::int32_t id = row.sampler.next(scores);
        row.history.push_back(id);
        row.result.ids.push_back(id);
        if (raw.defined())
            row.result.chances.push_back(
                chanceOf({raw.data_ptr<float>(), scores.size()}, id, m_settings.logProbabilities));
        const bool isEnd = std::ranges::find(m_settings.ends, id) != m_settings.ends.end();
        if (isEnd || (m_hooks.onToken && m_hooks.onToken(row.prompt, row.text, id))) {
            row.result.finish = Finish::End;
            return true;
        }
        return static_cast<std::int64_t>(row.result.ids.size()) >= row.most;
    }

    Reader& m_reader;
    const SearchSettings& m_settings;
    const SearchHooks& m_hooks;
    JobContext& m_context;
    std::vector<Row> m_rows, m_over;
    std::int64_t m_longest = 0;
};

class BeamSearch {
public:
    BeamSearch(Reader& reader, const SearchSettings& settings, const SearchHooks& hooks, JobContext& context)
        : m_reader(reader), m_settings(settings), m_hooks(hooks), m_context(context) {}

    SearchResult run(std::span<const Ids> prompts) {
        SearchResult result;
        result.texts.resize(prompts.size());
        std::int64_t longest = 0;
        for (std::size_t i = 0; i < prompts.size(); ++i) {
            Ids history = m_reader.historyOf(prompts[i]);
            const auto length = static_cast<std::int64_t>(history.size());
            const std::int64_t most = m_settings.limitBehind(length, m_reader.room());
            m_isCut.push_back(most < m_settings.limitBehind(length, 0));
            longest = std::max(longest, most);
            m_open.push_back(
                {i, Beams(m_settings, std::move(history), std::max<std::int64_t>(1, most), m_hooks.isOver)});
        }
        auto start = std::chrono::steady_clock::now();
        Tensor logits = m_reader.readPrompts(prompts, longest);  // [P, V]
        result.promptSeconds = secondsSince(start);
        start = std::chrono::steady_clock::now();
        for (std::int64_t i = 0; !m_open.empty(); ++i) {
            const auto [rows, ids] = advanceAll(logits, i == 0, result);
            m_context.progress(i + 1, longest, "generate");
            if (rows.empty())
                break;
            m_reader.reorder(rows);
            logits = m_reader.readTokens(ids);  // [P * K, V]
        }
        result.seconds = secondsSince(start);
        return result;
    }

private:
    struct Open {
        std::size_t prompt = 0;
        Beams beams;
    };
    /// A step of every prompt. \returns the rows that go on, and their tokens.
    std::pair<std::vector<std::int64_t>, Ids> advanceAll(const Tensor& logits, bool first, SearchResult& result) {
        const Tensor raw = torch::log_softmax(logits, 1);
        const Tensor scores = raw.clone();
        const auto beams = static_cast<std::size_t>(m_settings.beams);
        const bool stop = m_context.stopRequested();
        std::vector<std::int64_t> rows;
        Ids ids;
        std::vector<Open> going;
        for (std::size_t i = 0; i < m_open.size(); ++i) {
            std::vector<BeamRow> views;
            const std::size_t base = first ? i : i * beams;
            for (std::size_t k = 0; k < beams; ++k)
                views.push_back({rowOf(raw, base + (first ? 0 : k)), rowOf(scores, base + (first ? 0 : k))});
            const std::vector<std::int64_t> from = m_open[i].beams.advance(views);
            if (stop || m_open[i].beams.isDone()) {
                close(m_open[i], stop, result);
                continue;
            }
            for (std::size_t k = 0; k < beams; ++k) {
                rows.push_back(static_cast<std::int64_t>(base) + (first ? 0 : from[k]));
                ids.push_back(m_open[i].beams.running()[k].ids.back());
            }
            going.push_back(std::move(m_open[i]));
        }
        m_open = std::move(going);
        return {std::move(rows), std::move(ids)};
    }
    void close(const Open& open, bool stopped, SearchResult& result) const {
        // nothing may be finished yet when the user stops: then the best on its way counts
        const bool any = open.beams.finished().front().score > -5e8f;
        const auto& found = any || !stopped ? open.beams.finished() : open.beams.running();
        for (std::size_t i = 0; i < std::min(found.size(), static_cast<std::size_t>(m_settings.returned)); ++i) {
            Continuation text;
            text.ids = found[i].ids;
            text.chances = found[i].chances;
            text.score = static_cast<double>(found[i].score);
            text.finish = found[i].ended ? Finish::End
                          : stopped      ? Finish::Stopped
                                         : (m_isCut[open.prompt] ? Finish::Context : Finish::Length);
            result.texts[open.prompt].push_back(std::move(text));
        }
    }

    Reader& m_reader;
    const SearchSettings& m_settings;
    const SearchHooks& m_hooks;
    JobContext& m_context;
    std::vector<Open> m_open;
    std::vector<bool> m_isCut;  ///< by prompt: the model's length ends it before the caller's limit
};

}  // namespace

SearchResult searchTokens(nn::Network& network, torch::Device device, std::span<const Ids> prompts,
                          const SearchSettings& settings, const SearchHooks& hooks, JobContext& context) {
    const torch::NoGradGuard noGrad;
    Reader reader(network, device, settings);
    if (settings.beams > 1)
        return BeamSearch(reader, settings, hooks, context).run(prompts);
    return RowSearch(reader, settings, hooks, context).run(prompts);
}

}  // namespace lathe::infer
