// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/types.h"

#include "corpus/importer.h"

namespace lathe::corpus {

const char* splitName(Split split) {
    switch (split) {
        case Split::Train:
            return "train";
        case Split::Dev:
            return "dev";
        case Split::Test:
            return "test";
        case Split::None:
            break;
    }
    return "";
}

const char* originName(Origin origin) {
    switch (origin) {
        case Origin::Rule:
            return "rule";
        case Origin::Model:
            return "model";
        case Origin::Import:
            return "import";
        case Origin::Human:
            break;
    }
    return "human";
}

std::optional<Split> splitFromName(std::string_view name) {
    if (name.empty() || name == "none")
        return Split::None;
    if (name == "train" || name == "training")
        return Split::Train;
    if (name == "dev" || name == "validation" || name == "valid" || name == "val" || name == "eval")
        return Split::Dev;
    if (name == "test")
        return Split::Test;
    return std::nullopt;
}

const char* textUnitName(TextUnit unit) {
    switch (unit) {
        case TextUnit::Paragraph:
            return "paragraph";
        case TextUnit::Section:
            return "section";
        case TextUnit::File:
            return "file";
        case TextUnit::Line:
            break;
    }
    return "line";
}

std::optional<TextUnit> textUnitFromName(std::string_view name) {
    for (const TextUnit unit : {TextUnit::Line, TextUnit::Paragraph, TextUnit::Section, TextUnit::File})
        if (name == textUnitName(unit))
            return unit;
    return std::nullopt;
}

}  // namespace lathe::corpus
