// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/xml_events.h"

#include <expat.h>
#include <fmt/format.h>

#include "core/files.h"

namespace lathe::corpus::detail {
namespace {

/// A tag or an attribute that is longer than this is no tag of a workbook; Expat would keep it in memory as a whole.
constexpr std::size_t kMaxTokenBytes = 32 << 20;

std::string_view localName(const char* name) {
    const std::string_view whole(name);
    return whole.substr(whole.find(':') + 1);
}

}  // namespace

std::string_view XmlAttributes::operator[](std::string_view name) const {
    for (const char** pair = m_pairs; *pair; pair += 2)
        if (localName(pair[0]) == name)
            return pair[1];
    return {};
}

struct XmlParser::State {
    XmlHandler& handler;
    std::string what;
    XML_Parser parser;
    bool refused = false;        ///< for a document type declaration
    std::size_t sinceEvent = 0;  ///< bytes fed since the last event

    static State& of(void* data) {
        State& state = *static_cast<State*>(data);
        state.sinceEvent = 0;
        return state;
    }
    static void onStart(void* data, const char* name, const char** attributes) {
        of(data).handler.start(localName(name), XmlAttributes(attributes));
    }
    static void onEnd(void* data, const char* name) { of(data).handler.end(localName(name)); }
    static void onText(void* data, const char* text, int size) {
        of(data).handler.text({text, static_cast<std::size_t>(size)});
    }
    static void onDoctype(void* data, const char*, const char*, const char*, int) {
        of(data).refused = true;
        ::XML_StopParser(of(data).parser, XML_FALSE);
    }
};

XmlParser::XmlParser(XmlHandler& handler, std::string what)
    : m_state(new State{handler, std::move(what), ::XML_ParserCreate(nullptr)}) {
    ::XML_SetUserData(m_state->parser, m_state.get());
    ::XML_SetElementHandler(m_state->parser, State::onStart, State::onEnd);
    ::XML_SetCharacterDataHandler(m_state->parser, State::onText);
    ::XML_SetStartDoctypeDeclHandler(m_state->parser, State::onDoctype);
}

XmlParser::~XmlParser() {
    ::XML_ParserFree(m_state->parser);
}

Result<> XmlParser::feed(std::string_view bytes, bool isLast) {
    m_state->sinceEvent += bytes.size();
    const auto status = ::XML_Parse(m_state->parser, bytes.data(), static_cast<int>(bytes.size()), isLast ? 1 : 0);
    if (m_state->refused)
        return fail(ErrorCode::Parse, fmt::format("{} has a document type declaration, which workbooks do not have and "
                                                  "attacks do; it is refused",
                                                  m_state->what));
    if (status != XML_STATUS_OK)
        return fail(ErrorCode::Parse,
                    fmt::format("{} is not valid XML at line {}: {}; save the workbook again", m_state->what,
                                static_cast<unsigned long>(::XML_GetCurrentLineNumber(m_state->parser)),
                                ::XML_ErrorString(::XML_GetErrorCode(m_state->parser))));
    if (m_state->sinceEvent > kMaxTokenBytes)
        return fail(ErrorCode::Parse,
                    fmt::format("{} has a tag longer than {}", m_state->what, humanBytes(kMaxTokenBytes)));
    return {};
}

}  // namespace lathe::corpus::detail
