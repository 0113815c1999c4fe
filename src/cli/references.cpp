// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/references.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "core/json.h"

namespace lathe::cli {
namespace {

namespace fs = std::filesystem;

fs::path projectFolder(const std::string& name) {
    std::error_code code;
    if (!fs::exists(name, code) && fs::is_directory(name + ".lathe", code))
        return name + ".lathe";
    return name;
}

bool isProject(const fs::path& folder) {
    std::error_code code;
    return fs::is_regular_file(folder / "project.db", code);
}

bool holdsModel(const fs::path& folder) {
    std::error_code code;
    return fs::is_regular_file(folder / "config.json", code);
}

/// "7" and "0007" mean the run "0007-ngram".
bool names(const std::string& word, const corpus::Run& run) {
    if (run.id == word)
        return true;
    const auto number = run.id.substr(0, run.id.find('-'));
    const auto strip = [](const std::string& digits) {
        const auto first = digits.find_first_not_of('0');
        return first == std::string::npos ? std::string("0") : digits.substr(first);
    };
    const bool isNumber = !word.empty() && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
    return isNumber && strip(number) == strip(word);
}

}  // namespace

Result<OpenProject> openProject(const std::string& name, corpus::Access access) {
    const fs::path folder = projectFolder(name);
    std::error_code code;
    if (!fs::exists(folder, code))
        return fail(ErrorCode::NotFound, fmt::format("there is no project {}; lathe-cli new {} makes one", name, name));
    if (!isProject(folder))
        return fail(
            ErrorCode::InvalidInput,
            fmt::format("{} is no Lathe project (it holds no project.db); lathe-cli new makes one", folder.string()));
    LATHE_TRY(auto project, corpus::Project::open(folder, access));
    LATHE_TRY(auto store, project.connect());
    return OpenProject{std::move(project), std::move(store)};
}

bool namesProject(const std::string& name) {
    return isProject(projectFolder(name));
}

Result<corpus::Run> findRun(const OpenProject& opened, const std::string& name) {
    LATHE_TRY(const auto runs, opened.store->runs());
    const auto run = std::ranges::find_if(runs, [&](const corpus::Run& each) { return names(name, each); });
    if (run != runs.end())
        return *run;
    const std::string project = opened.project.folder().string();
    return fail(ErrorCode::NotFound,
                fmt::format("{} has no run {}; lathe-cli runs {} lists them", project, name, project));
}

fs::path modelFolderOf(const corpus::Project& project, const corpus::Run& run) {
    if (const auto summary = parseJson(run.summary.empty() ? "{}" : run.summary, "run " + run.id); summary) {
        const auto named = jsonString(*summary, "model", "");
        // A project may have been moved since: what the summary says counts only while it is there.
        if (named && !named->empty()) {
            const fs::path path = *named;
            if (const fs::path folder = path.is_absolute() ? path : project.folder() / path; holdsModel(folder))
                return folder;
        }
    }
    if (const fs::path folder = project.modelsFolder() / run.id; holdsModel(folder))
        return folder;
    return project.runsFolder() / run.id / "best";
}

namespace {

Result<fs::path> newestModel(const OpenProject& opened) {
    LATHE_TRY(const auto runs, opened.store->runs());
    for (const auto& run : runs)
        if (const fs::path model = modelFolderOf(opened.project, run); holdsModel(model))
            return model;
    const std::string folder = opened.project.folder().string();
    return fail(ErrorCode::NotFound,
                fmt::format("{} has no trained model yet; lathe-cli train {} makes one", folder, folder));
}

Result<fs::path> modelOfRun(const OpenProject& opened, const std::string& wanted) {
    LATHE_TRY(const auto run, findRun(opened, wanted));
    const fs::path model = modelFolderOf(opened.project, run);
    if (holdsModel(model))
        return model;
    const std::string folder = opened.project.folder().string();
    return fail(ErrorCode::NotFound,
                fmt::format("run {} of {} has no model ({}); train it to the end, or resume it with lathe-cli train {} "
                            "--resume {}",
                            run.id, folder, run.status, folder, run.id));
}

/// \p run: "" = the newest that has a model.
Result<fs::path> modelOfProject(const fs::path& folder, const std::string& run) {
    LATHE_TRY(const auto opened, openProject(folder.string(), corpus::Access::Read));
    return run.empty() ? newestModel(opened) : modelOfRun(opened, run);
}

}  // namespace

Result<fs::path> findModel(const std::string& reference) {
    std::error_code code;
    const fs::path folder = projectFolder(reference);
    if (isProject(folder))
        return modelOfProject(folder, {});
    if (fs::is_directory(folder, code))
        return folder;
    if (const auto colon = reference.rfind(':'); colon != std::string::npos && colon > 0) {
        const fs::path project = projectFolder(reference.substr(0, colon));
        if (isProject(project))
            return modelOfProject(project, reference.substr(colon + 1));
    }
    return fail(ErrorCode::NotFound,
                fmt::format("there is no model {}; give a model folder, PROJECT:RUN, or a PROJECT for its newest run",
                            reference));
}

}  // namespace lathe::cli
