// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Builds the registry from decoders.def; never edited when a decoder is added.
#include "text/component_registry.h"
#include "text/decoders/decoder.h"

namespace lathe::text {

namespace decoders {
#define DECODER(type) Result<std::unique_ptr<Decoder>> type(const ComponentSource& source);
#include "text/decoders/decoders.def"
#undef DECODER
}  // namespace decoders

Result<std::unique_ptr<Decoder>> makeDecoder(const ComponentJson& json, const std::string& where) {
    static constexpr ComponentEntry<Decoder> kEntries[] = {
#define DECODER(type) {#type, &decoders::type},
#include "text/decoders/decoders.def"
#undef DECODER
    };
    return makeComponent<Decoder>(kEntries, json, where);
}

}  // namespace lathe::text
