// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json_events.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace lathe {
namespace {

/// nlohmann-json's callbacks, handed on.
struct Adapter {
    JsonEvents& events;
    std::size_t errorByte = 0;

    bool null() { return events.other(); }
    bool boolean(bool) { return events.other(); }
    bool number_integer(std::int64_t) { return events.other(); }
    bool number_unsigned(std::uint64_t value) { return events.number(value); }
    bool number_float(double, const std::string&) { return events.other(); }
    bool string(std::string& text) { return events.string(std::move(text)); }
    bool binary(std::vector<std::uint8_t>&) { return false; }
    bool start_object(std::size_t) { return events.startObject(); }
    bool key(std::string& text) { return events.key(std::move(text)); }
    bool end_object() { return events.endObject(); }
    bool start_array(std::size_t) { return events.startArray(); }
    bool end_array() { return events.endArray(); }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) {
        errorByte = position;
        return false;
    }
};

}  // namespace

bool JsonEvents::read(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || text[first] != '{')
        return refuse("it is not a JSON object");
    Adapter adapter{*this};
    if (nlohmann::json::sax_parse(text.begin(), text.end(), &adapter))
        return true;
    return refuse(fmt::format("not valid JSON at byte {}", adapter.errorByte));
}

}  // namespace lathe
