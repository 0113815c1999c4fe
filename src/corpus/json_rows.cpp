// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/json_rows.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <unordered_map>

#include "corpus/detail/column_roles.h"
#include "corpus/detail/json_sniff.h"
#include "corpus/detail/record_window.h"

namespace lathe::corpus::detail {
namespace {

namespace od = simdjson::ondemand;
using simdjson::error_code;

constexpr int kMaxDotted = 3;
constexpr std::size_t kMaxColumns = 1000;

// Leaves the recursion below; fill() turns it into the record's error.
struct RowError {
    std::string reason;
};

void check(error_code code) {
    if (code != simdjson::SUCCESS)
        throw RowError{fmt::format("not valid JSON: {}", simdjson::error_message(code))};
}

template <class T>
T need(simdjson::simdjson_result<T> result) {
    T value{};
    check(std::move(result).get(value));
    return value;
}

// A pretty-printed file's indentation is no part of its values.
std::string minified(std::string_view json) {
    std::string out(json.size(), '\0');
    std::size_t size = 0;
    check(simdjson::minify(json.data(), json.size(), out.data(), size));
    out.resize(size);
    return out;
}

std::string jsonText(od::value value) {
    switch (need(value.type())) {
        case od::json_type::array:
            return minified(need(need(value.get_array()).raw_json()));
        case od::json_type::object:
            return minified(need(need(value.get_object()).raw_json()));
        case od::json_type::string:
            return std::string(need(value.get_string()));
        case od::json_type::null:
            return {};
        case od::json_type::number:
            check(value.get_double().error());
            break;
        case od::json_type::boolean:
            check(value.get_bool().error());
            break;
        default:  // newer libraries have a type for what is none
            break;
    }
    return trimmed(value.raw_json_token());
}

class JsonRowReader final : public RecordReader {
public:
    JsonRowReader(std::unique_ptr<Utf8Stream> stream, OpenElements elements)
        : m_elements(elements(std::move(stream),
                              [this](std::string_view json, Record& record) { m_rows.fill(json, record); })) {}

    const std::vector<std::string>& columns() const override { return m_rows.columns(); }
    std::int64_t bytesRead() const override { return m_elements->bytesRead(); }
    bool grows() const override { return true; }
    Result<bool> next(Record& record) override { return m_elements->next(record); }

private:
    JsonRows m_rows;
    std::unique_ptr<JsonElements> m_elements;
};

}  // namespace

struct JsonRows::Parser {
    od::parser parser;
    std::string padded;
    std::unordered_map<std::string, std::size_t> index;
    std::vector<std::string>* columns = nullptr;
    Record* record = nullptr;

    void put(const std::string& name, std::string text) {
        auto found = index.find(name);
        if (found == index.end()) {
            if (columns->size() >= kMaxColumns)
                throw RowError{fmt::format("more than {} different keys in the file", kMaxColumns)};
            found = index.emplace(name, columns->size()).first;
            columns->push_back(name);
        }
        if (record->cells.size() <= found->second)
            record->cells.resize(found->second + 1);
        record->cells[found->second] = std::move(text);
    }

    // One turn of a conversation, by either of the two usual pairs of names.
    static std::pair<std::string, std::string> turn(od::object object) {
        std::pair<std::string, std::string> turn;
        for (auto member : object) {
            const std::string key(need(member.unescaped_key()));
            if (key == "role" || key == "from")
                turn.first = jsonText(need(member.value()));
            else if (key == "content" || key == "value")
                turn.second = jsonText(need(member.value()));
        }
        return turn;
    }

    void conversation(od::array turns) {
        int questions = 0, answers = 0;
        for (auto element : turns) {
            auto [role, text] = turn(need(element.get_object()));
            if (role == "user" || role == "human") {
                ++questions;
                put("user", std::move(text));
            } else if (role == "assistant" || role == "gpt") {
                ++answers;
                put("assistant", std::move(text));
            } else if (role == "system") {
                put("system", std::move(text));
            } else {
                throw RowError{
                    fmt::format("a turn of the conversation has the role \"{}\", not user or assistant", role)};
            }
        }
        if (questions != 1 || answers != 1)
            throw RowError{
                fmt::format("{} questions and {} answers; a conversation of one question and one answer can be "
                            "imported",
                            questions, answers)};
    }

    void members(od::object object, const std::string& prefix, int depth) {
        for (auto member : object) {
            const std::string key = prefix + std::string(need(member.unescaped_key()));
            od::value value = need(member.value());
            const od::json_type type = need(value.type());
            if (type == od::json_type::array && depth == 1 && (key == "messages" || key == "conversations"))
                conversation(need(value.get_array()));
            else if (type == od::json_type::object && depth < kMaxDotted)
                members(need(value.get_object()), key + ".", depth + 1);
            else
                put(key, jsonText(value));
        }
    }

    void root(std::string_view json) {
        padded.assign(json);
        padded.resize(json.size() + simdjson::SIMDJSON_PADDING, ' ');
        od::document document = need(parser.iterate(padded.data(), json.size(), padded.size()));
        switch (need(document.type())) {
            case od::json_type::object:
                members(need(document.get_object()), "", 1);
                break;
            case od::json_type::array: {
                std::size_t i = 0;
                for (auto element : need(document.get_array()))
                    put(fmt::format("column {}", ++i), jsonText(need(element.get<od::value>())));
                break;
            }
            case od::json_type::string:
                put("text", std::string(need(document.get_string())));
                break;
            default:
                put("text", trimmed(json));
        }
        if (const char* rest = nullptr; document.current_location().get(rest) == simdjson::SUCCESS)
            throw RowError{"not valid JSON: something follows the value"};
    }
};

JsonRows::JsonRows() : m_parser(std::make_unique<Parser>()) {
    m_parser->columns = &m_columns;
}

JsonRows::~JsonRows() = default;

void JsonRows::fill(std::string_view json, Record& record) {
    record.error.clear();
    record.cells.assign(m_columns.size(), {});
    m_parser->record = &record;
    try {
        m_parser->root(json);
        record.cells.resize(m_columns.size());
        return;
    } catch (RowError& error) {
        record.error = std::move(error.reason);
    } catch (const simdjson::simdjson_error& error) {
        record.error = fmt::format("not valid JSON: {}", error.what());
    }
    record.cells.assign(1, rowBeginning(json));
}

Result<std::unique_ptr<RecordReader>> openJsonRows(const std::filesystem::path& path, const ImportOptions& options,
                                                   OpenElements elements) {
    LATHE_TRY(auto stream, Utf8Stream::open(path, options.encoding));
    return withKnownColumns(std::make_unique<JsonRowReader>(std::move(stream), elements));
}

bool isClosedJson(std::string_view text) {
    int depth = 0;
    bool inString = false, any = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString) {
            i += c == '\\' ? 1 : 0;
            inString = c != '"';
        } else if (c == '"') {
            inString = true;
        } else if (c == '{' || c == '[') {
            ++depth;
            any = true;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return any && depth == 0 && !inString;
}

}  // namespace lathe::corpus::detail
