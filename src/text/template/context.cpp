// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/template/context.h"

namespace lathe::text::jinja {
namespace {

constexpr int kMaxDepth = 1500;             // calls within calls of the renderer
constexpr std::size_t kBytesPerInput = 64;  // a conversation may be copied so many times

}  // namespace

Context::Context(const TemplateLimits& limits, std::size_t inputBytes, std::int64_t nowMs)
    : m_limits(limits), m_nowMs(nowMs) {
    m_limits.maxBytes += kBytesPerInput * inputBytes;
    m_limits.maxSteps += inputBytes;
}

Context::~Context() {
    // The oldest first: what is cleared is then never the last holder of something that is not.
    for (const auto& object : m_kept)
        object->clear();
}

void Context::step(std::size_t count) {
    m_steps += count;
    if (m_steps > m_limits.maxSteps)
        raise(FaultKind::Limit, "the template takes more than {} steps", m_limits.maxSteps);
}

void Context::charge(std::size_t bytes) {
    m_bytes += bytes;
    if (bytes > m_limits.maxBytes || m_bytes > m_limits.maxBytes)
        raise(FaultKind::Limit, "the template writes more than {} bytes", m_limits.maxBytes);
}

Value Context::make(Text text, bool markup) {
    charge(text.size());
    return Value::string(std::move(text), markup);
}

Context::Nested::Nested(Context& context) : m_context(context) {
    if (++m_context.m_depth > kMaxDepth) {
        --m_context.m_depth;
        raise(FaultKind::Limit, "maximum recursion depth exceeded");
    }
}

}  // namespace lathe::text::jinja
