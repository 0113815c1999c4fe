// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Rows for a project's store, with what a test does not care about left out.
#pragma once

#include "corpus/project.h"

namespace lathe::test {

inline corpus::Annotation labelRow(corpus::SampleId sample, corpus::LabelId label, const std::string& annotator,
                                   corpus::Origin origin = corpus::Origin::Human) {
    corpus::Annotation row;
    row.sample = sample;
    row.label = label;
    row.annotator = annotator;
    row.origin = origin;
    return row;
}

inline corpus::NewSample sampleRow(const std::string& text, std::int64_t line, const std::string& label = {}) {
    corpus::NewSample sample;
    sample.text = text;
    sample.label = label;
    sample.line = line;
    return sample;
}

inline corpus::Label labelNamed(const std::string& name) {
    corpus::Label label;
    label.name = name;
    return label;
}

/// The id of a made-up source.
inline corpus::SourceId addSource(corpus::CorpusStore& store) {
    corpus::Source source;
    source.path = "made.csv";
    source.format = "csv";
    source.encoding = "UTF-8";
    return store.addSource(source).value_or(0);
}

}  // namespace lathe::test
