// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli save MODEL OUT: a model as a folder that Hugging Face Transformers loads.
#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/flags.h"
#include "cli/progress_line.h"
#include "cli/references.h"
#include "core/files.h"
#include "infer/model_folder.h"

namespace lathe::cli {
namespace {

class SaveCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("MODEL", m_model,
                       "model folder (safetensors or pytorch_model.bin, whole or in shards), PROJECT:RUN, or PROJECT")
            ->required();
        app.add_option("OUT", m_target, "folder to make")->required();
        app.add_option("--dtype", m_options.dtype, "type of the weights (default: as the files have them)")
            ->check(CLI::IsMember({"float32", "bfloat16", "float16"}));
        app.add_option("--max-shard-size", m_shard, "largest file of weights, as 500MB or 5GB (default: 5GB)")
            ->check([](const std::string& text) {
                const auto size = infer::parseByteSize(text);
                return size ? std::string() : size.error().message;
            });
        app.add_flag("--force", m_options.replace, "replace a model folder that is there");
        m_adapters.define(app);
        app.add_flag("--merge", m_merge, "write the adapters into the weights, so that the model stands alone");
    }

    Result<int> run(Console& console) override {
        if (m_adapters.given.empty() == m_merge)
            return console.wrongUsage(
                "--adapter and --merge go together: the saved model has the adapter in its weights", "save");
        m_options.adapters = m_adapters.choices();
        LATHE_TRY(m_options.maxShardBytes, infer::parseByteSize(m_shard));
        LATHE_TRY(const auto folder, findModel(m_model));
        infer::SavedModel saved;
        {
            const ProgressLine progress(console, "save");
            LATHE_TRY(saved, infer::saveModel(folder, m_target, m_options, console.context()));
        }
        if (console.json())
            console.printJson({{"folder", saved.folder.string()},
                               {"parameters", saved.parameters},
                               {"dtype", saved.dtype},
                               {"weight_files", saved.files},
                               {"weight_bytes", saved.weightBytes}});
        else
            console.line("{}: {} parameters, {}, {} in {} {}", saved.folder.string(), saved.parameters, saved.dtype,
                         humanBytes(saved.weightBytes), saved.files, saved.files == 1 ? "file" : "files");
        return kDone;
    }

private:
    std::string m_model, m_target;
    std::string m_shard = "5GB";
    infer::SaveModelOptions m_options;
    AdapterFlags m_adapters;
    bool m_merge = false;
};

}  // namespace

CommandEntry saveCommand() {
    return {.id = "save", .summary = "save a model as Transformers loads it", .make = [] {
                return std::make_unique<SaveCommand>();
            }};
}

}  // namespace lathe::cli
