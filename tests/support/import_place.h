// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What every test of imports has: a folder for files, and an empty project to import them into.
#pragma once

#include <memory>
#include <optional>

#include "corpus/importer.h"
#include "support/corpus_checks.h"
#include "support/temp_folder.h"

namespace lathe::test {

/// A base of test classes beside QObject, which call its open() in init() and its close() in cleanup().
class ImportPlace {
protected:
    void open() {
        m_folder = std::make_unique<TempFolder>();
        m_project = corpus::Project::create(m_folder->path() / "p").value();
        m_store = m_project->connect().value();
    }
    void close() {
        m_store.reset();
        m_project.reset();
        m_folder.reset();
    }
    std::filesystem::path at(const std::string& name) const { return m_folder->path() / name; }
    std::filesystem::path file(const std::string& name, const std::string& bytes) {
        std::filesystem::create_directories(at(name).parent_path());
        writeBytes(at(name), bytes);
        return at(name);
    }
    Result<corpus::ImportReport> import(const std::filesystem::path& path, const corpus::ImportOptions& options = {}) {
        JobContext context;
        return corpus::importFile(*m_store, m_registry, path, options, context);
    }

    corpus::ImporterRegistry m_registry = corpus::makeImporterRegistry();
    std::unique_ptr<TempFolder> m_folder;
    std::optional<corpus::Project> m_project;
    std::unique_ptr<corpus::CorpusStore> m_store;
};

}  // namespace lathe::test
