// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// XML as events, through Expat (MIT). Document type declarations are refused, and with them entities that grow without
// end or read other files: nothing that this reads needs them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"

namespace lathe::corpus::detail {

/// The attributes of an element, by their names without prefix.
class XmlAttributes {
public:
    explicit XmlAttributes(const char** pairs) : m_pairs(pairs) {}
    /// Empty when it is not there.
    std::string_view operator[](std::string_view name) const;

private:
    const char** m_pairs;
};

/// Names come without their prefix: "t" for "x:t".
class XmlHandler {
public:
    virtual ~XmlHandler() = default;
    virtual void start(std::string_view name, const XmlAttributes& attributes) = 0;
    virtual void end(std::string_view name) = 0;
    virtual void text(std::string_view text) = 0;
};

class XmlParser {
public:
    /// \p what: named in messages. The handler must outlive the parser.
    XmlParser(XmlHandler& handler, std::string what);
    ~XmlParser();
    XmlParser(const XmlParser&) = delete;
    XmlParser& operator=(const XmlParser&) = delete;

    /// The next piece; the handler's functions are called from in here. \returns Parse, with the line.
    Result<> feed(std::string_view bytes, bool isLast);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace lathe::corpus::detail
