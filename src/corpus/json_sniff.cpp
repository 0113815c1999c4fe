// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/json_sniff.h"

#include <deque>

#include "corpus/detail/column_roles.h"
#include "corpus/detail/json_rows.h"

namespace lathe::corpus::detail {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

class KnownColumns final : public RecordReader {
public:
    KnownColumns(std::unique_ptr<RecordReader> reader, std::deque<Record> ahead)
        : m_reader(std::move(reader)), m_ahead(std::move(ahead)) {}

    const std::vector<std::string>& columns() const override { return m_reader->columns(); }
    std::int64_t bytesRead() const override { return m_reader->bytesRead(); }
    bool grows() const override { return true; }
    Result<bool> next(Record& record) override {
        if (m_ahead.empty())
            return m_reader->next(record);
        record = std::move(m_ahead.front());
        m_ahead.pop_front();
        if (record.error.empty())
            record.cells.resize(columns().size());
        return true;
    }

private:
    std::unique_ptr<RecordReader> m_reader;
    std::deque<Record> m_ahead;
};

}  // namespace

JsonScores sniffJson(const std::filesystem::path& path, std::string_view head) {
    const auto extension = lowerExtension(path);
    const bool namedLines = extension == "jsonl" || extension == "ndjson";
    const bool namedOther = extension == "csv" || extension == "tsv" || extension == "txt";
    const auto begin = head.find_first_not_of(kBlank);
    if (begin == std::string_view::npos)
        return {};
    head.remove_prefix(begin);
    const auto afterBracket = head.find_first_not_of(kBlank, 1);
    const char second = afterBracket == std::string_view::npos ? ' ' : head[afterBracket];
    const bool listLike = head[0] == '[' && (second == '{' || second == '[' || second == '"' || second == ']');
    const bool objectLike = head[0] == '{' && (second == '"' || second == '}');
    if (!listLike && !objectLike)
        return {0, namedLines ? 85 : 0};
    const auto lineEnd = std::min(head.find('\n'), head.size());
    const auto nextLine = head.find_first_not_of(kBlank, lineEnd);
    const bool lineCloses = isClosedJson(head.substr(0, lineEnd));
    const bool nextOpens = nextLine != std::string_view::npos && head[nextLine] == head[0];
    const int doubt = namedOther ? 35 : 0;
    if (namedLines || (lineCloses && nextOpens))
        return {50 - doubt, 96 - doubt};
    return {95 - doubt, 40 - doubt};
}

Result<std::unique_ptr<RecordReader>> withKnownColumns(std::unique_ptr<RecordReader> reader) {
    constexpr std::size_t kRecords = 100;
    constexpr std::int64_t kBytes = 2 << 20;
    std::deque<Record> ahead;
    std::int64_t bytes = 0;
    while (ahead.size() < kRecords && bytes < kBytes) {
        Record record;
        LATHE_TRY(const bool any, reader->next(record));
        if (!any)
            break;
        for (const std::string& cell : record.cells)
            bytes += static_cast<std::int64_t>(cell.size());
        ahead.push_back(std::move(record));
    }
    return std::make_unique<KnownColumns>(std::move(reader), std::move(ahead));
}

}  // namespace lathe::corpus::detail
