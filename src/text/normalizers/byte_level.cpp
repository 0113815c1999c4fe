// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ByteLevel: every byte as a visible character of the byte-level alphabet.
#include "text/byte_alphabet.h"
#include "text/normalizers/normalizer.h"

namespace lathe::text::normalizers {
namespace {

class ByteLevelNormalizer final : public Normalizer {
public:
    void normalize(AlignedText& text) const override {
        const std::string_view old = text.text();
        AlignedText::Editor editor(text);
        for (std::size_t at = 0; at < old.size(); ++at)
            editor.put(byteCharacter(static_cast<unsigned char>(old[at])), at);
        editor.finish();
    }
};

}  // namespace

Result<std::unique_ptr<Normalizer>> ByteLevel(const ComponentSource&) {
    return std::make_unique<ByteLevelNormalizer>();
}

}  // namespace lathe::text::normalizers
