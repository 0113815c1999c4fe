// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/shared_run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "core/files.h"
#include "core/hash.h"
#include "train/detail/bytes.h"
#include "train/detail/method.h"
#include "train/detail/run_recorder.h"

namespace lathe::train {

namespace fs = std::filesystem;

template <class A>
void fields(A& archive, ExampleSpan& span) {
    archive(span.begin, span.end, span.label);
}
template <class A>
void fields(A& archive, ExampleMessage& message) {
    archive(message.role, message.text, message.learnt);
}
template <class A>
void fields(A& archive, Example& example) {
    archive(example.sample, example.text, example.answer, example.label, example.labels, example.score, example.spans,
            example.second, example.messages, example.chosen, example.rejected);
}
template <class A>
void fields(A& archive, Dataset& data) {
    archive(data.labels, data.train, data.dev, data.unlabelled, data.snapshotHash);
}

namespace {

constexpr std::size_t kPieceBytes = 16u << 20;

struct FileEntry {
    std::string name;
    std::uintmax_t size = 0;
};
template <class A>
void fields(A& archive, FileEntry& entry) {
    archive(entry.name, entry.size);
}

bool isOfUse(const fs::path& relative) {
    const std::string first = relative.begin()->string();
    return first != "best" && first != "orders" && relative.extension() != ".jsonl" && relative.filename() != "log.txt";
}

std::vector<FileEntry> filesIn(const fs::path& folder) {
    std::vector<FileEntry> files;
    std::error_code code;
    for (const auto& entry : fs::recursive_directory_iterator(folder, code)) {
        const fs::path relative = entry.path().lexically_relative(folder);
        if (entry.is_regular_file(code) && isOfUse(relative))
            files.push_back({.name = relative.string(), .size = entry.file_size(code)});
    }
    std::ranges::sort(files, {}, &FileEntry::name);
    return files;
}

/// Every rank goes through all pieces, whatever goes wrong with its own disk: the others wait for it.
Result<> shareFile(WorkerGroup& group, const fs::path& file, std::uintmax_t size) {
    std::fstream stream(file, group.isFirst() ? std::ios::in | std::ios::binary : std::ios::out | std::ios::binary);
    for (std::uintmax_t done = 0; done < size;) {
        std::string piece(static_cast<std::size_t>(std::min<std::uintmax_t>(kPieceBytes, size - done)), '\0');
        if (group.isFirst())
            stream.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        piece = group.fromFirst(piece);
        if (!group.isFirst())
            stream.write(piece.data(), static_cast<std::streamsize>(piece.size()));
        done += piece.size();
    }
    stream.flush();
    return stream ? Result<>() : fileError(group.isFirst() ? "read" : "write", file);
}

/// What must be the same on all ranks, name by name.
std::vector<std::pair<std::string, std::string>> traits(const nn::Network& network, const PhasePlan& plan,
                                                        const std::set<std::string>& trained) {
    std::uint64_t frozen = 0;
    for (const auto& item : network.named_parameters()) {
        if (trained.contains(item.key()) || item.value().requires_grad())
            continue;
        const auto weights = item.value().detach().to(torch::kCPU).contiguous();
        frozen = hash64({static_cast<const char*>(weights.data_ptr()), weights.nbytes()}, frozen);
    }
    const auto& lengths = plan.train->lengths();
    const std::string_view lengthBytes(reinterpret_cast<const char*>(lengths.data()),
                                       lengths.size() * sizeof lengths.front());
    return {{"the version of Lathe, libtorch or the compiler",
             fmt::format("{} {} {}", toLine(versions().value("lathe", Json())),
                         toLine(versions().value("torch", Json())), toLine(versions().value("compiler", Json())))},
            {"the number format (precision)", fmt::format("{}", static_cast<int>(plan.precision))},
            {"the texts as tokens", fmt::format("{} {:x}", lengths.size(), hash64(lengthBytes))},
            {"the steps", fmt::format("{}", fmt::join(plan.epochEnds, " "))},
            {"what trains", fmt::format("{}", fmt::join(trained, " "))},
            {"the model's weights", fmt::format("{:x}", frozen)}};
}

}  // namespace

void giveRun(WorkerGroup& group, const TrainRequest& request, const Json& options, const Dataset& data) {
    std::error_code code;
    const std::string model = fs::exists(request.model, code) ? fs::absolute(request.model).string() : request.model;
    ByteWriter writer;
    writer(model, request.method, options.dump(), request.resume, group.resumeWords, data);
    group.fromFirst(writer.bytes());
}

SharedRun takeRun(WorkerGroup& group) {
    SharedRun run;
    std::string options;
    const std::string bytes = group.fromFirst({});
    ByteReader reader(bytes);
    reader(run.request.model, run.request.method, options, run.request.resume, group.resumeWords, run.data);
    run.request.options = Json::parse(options);
    return run;
}

Result<> shareRunFolder(WorkerGroup& group, const fs::path& folder) {
    ByteWriter writer;
    if (group.isFirst())
        writer(filesIn(folder));
    std::vector<FileEntry> files;
    const std::string bytes = group.fromFirst(writer.bytes());
    ByteReader reader(bytes);
    reader(files);
    Result<> result;
    std::error_code code;
    if (!group.isFirst())
        fs::remove_all(folder / "checkpoints", code);
    for (const FileEntry& file : files) {
        const fs::path path = folder / file.name;
        if (!group.isFirst())
            fs::create_directories(path.parent_path(), code);
        if (auto shared = shareFile(group, path, file.size); !shared && result)
            result = fail(shared.error());
    }
    return result;
}

Result<> agree(WorkerGroup& group, const nn::Network& network, const PhasePlan& plan) {
    auto parameters = plan.method ? plan.method->parameters() : OwnWeightsMethod::trainableParameters(network);
    std::set<std::string> trained;
    for (const auto& [name, parameter] : parameters)
        trained.insert(name);
    const auto own = traits(network, plan, trained);
    ByteWriter writer;
    for (const auto& [name, value] : own)
        writer(value);
    const auto all = group.gather(writer.bytes());
    for (std::size_t rank = 0; rank < all.size(); ++rank) {
        ByteReader first(all[0]), other(all[rank]);
        for (const auto& [name, value] : own) {
            std::string wanted, found;
            first(wanted);
            other(found);
            if (wanted != found)
                return fail(ErrorCode::InvalidInput,
                            fmt::format("rank {} of {} differs from rank 0 in {}; give all processes the same program, "
                                        "model folder and options",
                                        rank, all.size(), name));
        }
    }
    const torch::NoGradGuard noGrad;
    for (auto& [name, parameter] : parameters) {
        auto weights = parameter.detach().to(torch::kCPU).contiguous();
        group.copyFromFirst(weights);
        if (!group.isFirst())
            parameter.copy_(weights);
    }
    return {};
}

}  // namespace lathe::train
