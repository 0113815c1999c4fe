// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of the corpus share: files, projects with samples, and a look at a Result that says its message.
#pragma once

#include <QTest>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "corpus/importer.h"
#include "corpus/project.h"
#include "support/verify_ok.h"

namespace lathe::test {

inline void writeBytes(const std::filesystem::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

inline std::string readBytes(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// A project with \p texts as unlabelled samples.
inline corpus::Project projectOf(const std::filesystem::path& folder, const std::vector<std::string>& texts,
                                 const std::vector<std::string>& labels = {}) {
    auto project = corpus::Project::create(folder).value();
    auto store = project.connect().value();
    const auto source = store->addSource({}).value();
    std::vector<corpus::NewSample> samples;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        corpus::NewSample sample;
        sample.text = texts[i];
        sample.line = static_cast<std::int64_t>(i) + 1;
        if (i < labels.size())
            sample.label = labels[i];
        samples.push_back(std::move(sample));
    }
    if (!store->addSamples(source, samples))
        std::abort();
    return project;
}

/// The project's texts in the order of their ids.
inline std::vector<corpus::Sample> allSamples(corpus::CorpusStore& store) {
    return store.samples(store.find({}).value()).value();
}
inline std::vector<std::string> texts(corpus::CorpusStore& store) {
    std::vector<std::string> all;
    for (const corpus::Sample& sample : allSamples(store))
        all.push_back(sample.text);
    return all;
}

}  // namespace lathe::test
