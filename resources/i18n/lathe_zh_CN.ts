<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>SavedFiltersMenu</name>
    <message>
        <source>No filter is kept yet</source>
        <translation>还没有保存的筛选</translation>
    </message>
    <message>
        <source>Keep this filter as …</source>
        <translation>把当前筛选存为…</translation>
    </message>
    <message>
        <source>Name to keep this filter under</source>
        <translation>筛选的名称</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>删除</translation>
    </message>
</context>
<context>
    <name>lathe::app::Actions</name>
    <message>
        <source>New project…</source>
        <translation>新建项目…</translation>
    </message>
    <message>
        <source>Open project…</source>
        <translation>打开项目…</translation>
    </message>
    <message>
        <source>Open the demo project</source>
        <translation>打开演示项目</translation>
    </message>
    <message>
        <source>A bank&apos;s customer service, in Chinese and English: mostly labelled, ready to train on</source>
        <translation>一家银行的客服消息，中英文都有，大部分已标注，可以直接训练</translation>
    </message>
    <message>
        <source>Close project</source>
        <translation>关闭项目</translation>
    </message>
    <message>
        <source>Import texts…</source>
        <translation>导入文本…</translation>
    </message>
    <message>
        <source>Search the corpus</source>
        <translation>搜索语料</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>About Lathe</source>
        <translation>关于 Lathe</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>全局</translation>
    </message>
</context>
<context>
    <name>lathe::app::JobBar</name>
    <message>
        <source>Stop this job; what it has done is kept</source>
        <translation>停止这项任务；已完成的部分会保留</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>stopping at the next step…</source>
        <translation>将在下一步停止…</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>还剩 %1</translation>
    </message>
    <message numerus="yes">
        <source>%n more waiting</source>
        <translation>
            <numerusform>另有 %n 项在等待</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing is running</source>
        <translation>没有任务在运行</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Pause after the present step</source>
        <translation>完成当前一步后暂停</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>CPU %1 · %2</source>
        <translation>CPU %1 · %2</translation>
    </message>
    <message>
        <source>Processor cores used for training: %1
Memory held by Lathe: %2</source>
        <translation>训练使用的处理器核心数：%1
Lathe 占用的内存：%2</translation>
    </message>
</context>
<context>
    <name>lathe::app::MainWindow</name>
    <message>
        <source>Recent</source>
        <translation>最近打开</translation>
    </message>
    <message>
        <source>Open read-only</source>
        <translation>以只读方式打开</translation>
    </message>
    <message>
        <source>Stop and quit</source>
        <translation>停止并退出</translation>
    </message>
    <message>
        <source>The pages change their language when the running job has ended.</source>
        <translation>当前任务结束后，各页面才会切换语言。</translation>
    </message>
    <message>
        <source>Make or open a project first; then drop the file again.</source>
        <translation>请先新建或打开一个项目，再把文件拖进来。</translation>
    </message>
    <message>
        <source>This project is open read-only: nothing can be imported.</source>
        <translation>项目以只读方式打开，无法导入。</translation>
    </message>
</context>
<context>
    <name>lathe::app::ProjectBar</name>
    <message>
        <source>Search the corpus</source>
        <translation>搜索语料</translation>
    </message>
    <message>
        <source>read-only</source>
        <translation>只读</translation>
    </message>
    <message>
        <source>Another program is writing to this project. You can look at everything and change nothing.</source>
        <translation>另一个程序正在写入这个项目。您可以查看全部内容，但不能修改。</translation>
    </message>
    <message>
        <source>No project</source>
        <translation>没有项目</translation>
    </message>
    <message>
        <source>Make or open a project</source>
        <translation>新建或打开项目</translation>
    </message>
    <message>
        <source>Project menu: %1</source>
        <translation>项目菜单：%1</translation>
    </message>
    <message>
        <source>no texts yet</source>
        <translation>还没有文本</translation>
    </message>
    <message>
        <source>%1 answered of %2</source>
        <translation>共 %2 条，%1 条有回答</translation>
    </message>
    <message>
        <source>%1 labelled of %2</source>
        <translation>共 %2 条，已标注 %1 条</translation>
    </message>
    <message>
        <source>%1 with an answer</source>
        <translation>%1 条有回答</translation>
    </message>
    <message>
        <source>%1 left to label</source>
        <translation>%1 条待标注</translation>
    </message>
    <message>
        <source>%1 skipped</source>
        <translation>%1 条已跳过</translation>
    </message>
    <message>
        <source>%1 flagged</source>
        <translation>%1 条存疑</translation>
    </message>
</context>
<context>
    <name>lathe::app::ProjectDoor</name>
    <message>
        <source>Something is still running</source>
        <translation>还有任务在运行</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is still running.</source>
        <translation>“%1”还在运行。</translation>
    </message>
    <message>
        <source>It is stopped at the next step. A training run keeps its best model and can be resumed.</source>
        <translation>它会在下一步停止。训练会保留最好的模型，之后可以继续。</translation>
    </message>
    <message>
        <source>Keep it running</source>
        <translation>让它继续运行</translation>
    </message>
    <message>
        <source>Stop and open</source>
        <translation>停止并打开</translation>
    </message>
    <message>
        <source>Stop and go on</source>
        <translation>停止并继续</translation>
    </message>
    <message>
        <source>Making the demo project</source>
        <translation>正在生成演示项目</translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation>停止并关闭</translation>
    </message>
    <message>
        <source>My project</source>
        <translation>我的项目</translation>
    </message>
    <message>
        <source>New project</source>
        <translation>新建项目</translation>
    </message>
    <message>
        <source>Lathe projects (*.lathe)</source>
        <translation>Lathe 项目 (*.lathe)</translation>
    </message>
    <message>
        <source>Open a project (a folder that ends in .lathe)</source>
        <translation>打开项目（以 .lathe 结尾的文件夹）</translation>
    </message>
    <message>
        <source>Import texts</source>
        <translation>导入文本</translation>
    </message>
    <message>
        <source>Texts (*.csv *.tsv *.jsonl *.json *.txt);;All files (*)</source>
        <translation>文本 (*.csv *.tsv *.jsonl *.json *.txt);;所有文件 (*)</translation>
    </message>
</context>
<context>
    <name>lathe::app::WelcomePage</name>
    <message>
        <source>From raw text to a tuned language model</source>
        <translation>从原始文本到调好的语言模型</translation>
    </message>
    <message>
        <source>Load texts, label them, train a model on them, see how good it is and talk to it. Everything stays on this computer.</source>
        <translation>导入文本，标注，训练模型，看看效果，再跟它对话。所有数据都留在这台电脑上。</translation>
    </message>
    <message>
        <source>Recent projects</source>
        <translation>最近的项目</translation>
    </message>
</context>
<context>
    <name>lathe::dialogs::AboutDialog</name>
    <message numerus="yes">
        <source>Lathe %1 on %2, %n core(s), Qt %3</source>
        <translation>
            <numerusform>Lathe %1，运行于 %2，%n 个核心，Qt %3</numerusform>
        </translation>
    </message>
    <message>
        <source>About Lathe</source>
        <translation>关于 Lathe</translation>
    </message>
    <message>
        <source>From raw text to a tuned language model, in one window.</source>
        <translation>从原始文本到调好的语言模型，一个窗口全部完成。</translation>
    </message>
    <message>
        <source>Free software under the GNU General Public License, version 3 or later. Built on Qt, libtorch, QCustomPlot, SentencePiece, SQLite, ICU and simdjson.</source>
        <translation>自由软件，采用 GNU 通用公共许可证第 3 版或更新版本。基于 Qt、libtorch、QCustomPlot、SentencePiece、SQLite、ICU 和 simdjson 构建。</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>这台电脑</translation>
    </message>
    <message>
        <source>Listing devices</source>
        <translation>正在列出设备</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy these facts, for a bug report</source>
        <translation>复制这些信息，用于报告问题</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Log: %1</source>
        <translation>日志：%1</translation>
    </message>
</context>
<context>
    <name>lathe::dialogs::CleanDialog</name>
    <message>
        <source>Clean texts</source>
        <translation>清洗文本</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Clean</source>
        <translation>清洗</translation>
    </message>
    <message>
        <source>Open a recipe…</source>
        <translation>打开方案…</translation>
    </message>
    <message>
        <source>Save as a recipe…</source>
        <translation>存为方案…</translation>
    </message>
    <message>
        <source>Choose what to clean</source>
        <translation>选择要清洗什么</translation>
    </message>
    <message>
        <source>Switch a step on at the left: here you see what it does to your texts before anything is changed. The imported texts are kept in any case.</source>
        <translation>在左侧打开一个步骤：改动之前，这里先显示它对文本的影响。导入的原文始终保留。</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>正在查看…</translation>
    </message>
    <message>
        <source>Looking at what cleaning would do</source>
        <translation>正在查看清洗的效果</translation>
    </message>
    <message>
        <source>These steps change nothing.</source>
        <translation>这些步骤不会改变任何文本。</translation>
    </message>
    <message>
        <source>Nothing changes in the first texts; looking at the others…</source>
        <translation>前面的文本没有变化，正在查看其余文本…</translation>
    </message>
    <message>
        <source>Looking at all texts…</source>
        <translation>正在查看全部文本…</translation>
    </message>
    <message>
        <source>%1 of %2 texts change</source>
        <translation>%2 条文本中有 %1 条改变</translation>
    </message>
    <message>
        <source>%1 places are masked</source>
        <translation>遮盖 %1 处</translation>
    </message>
    <message>
        <source>%1 are taken out</source>
        <translation>移出 %1 条</translation>
    </message>
    <message>
        <source>%1 texts of the frozen test split stay as they are.</source>
        <translation>冻结的测试集中有 %1 条文本保持原样。</translation>
    </message>
    <message>
        <source>%1 conversations stay as they are.</source>
        <translation>%1 个对话保持原样。</translation>
    </message>
    <message>
        <source>%1 texts could not be cleaned: %2</source>
        <translation>%1 条文本无法清洗：%2</translation>
    </message>
    <message>
        <source>Cleaning the texts</source>
        <translation>正在清洗文本</translation>
    </message>
    <message>
        <source>%1 texts are cleaned, %2 are taken out. Nothing is lost: this cleaning can be undone here at any time.</source>
        <translation>已清洗 %1 条文本，移出 %2 条。没有丢失任何内容：随时可以在这里撤销这次清洗。</translation>
    </message>
    <message>
        <source>Stopped. All texts are as they were.</source>
        <translation>已停止。所有文本都保持原样。</translation>
    </message>
    <message>
        <source>Stopping: what was changed is taken back…</source>
        <translation>正在停止：已改动的内容正在恢复…</translation>
    </message>
    <message>
        <source>The project is open for reading only.</source>
        <translation>项目以只读方式打开。</translation>
    </message>
    <message>
        <source>Change the texts as shown; it can be undone</source>
        <translation>按所示修改文本，可以撤销</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Open a recipe</source>
        <translation>打开方案</translation>
    </message>
    <message>
        <source>Recipe (*.json)</source>
        <translation>方案 (*.json)</translation>
    </message>
    <message>
        <source>Save as a recipe</source>
        <translation>存为方案</translation>
    </message>
</context>
<context>
    <name>lathe::dialogs::CleanHistory</name>
    <message>
        <source>Duplicates: one of each kept</source>
        <translation>重复文本：每组保留一条</translation>
    </message>
    <message>
        <source>Duplicates: label of the majority</source>
        <translation>重复文本：采用多数标签</translation>
    </message>
    <message>
        <source>Duplicates: flagged</source>
        <translation>重复文本：标为存疑</translation>
    </message>
    <message>
        <source>undone</source>
        <translation>已撤销</translation>
    </message>
    <message>
        <source>done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>broken off</source>
        <translation>中断</translation>
    </message>
    <message>
        <source>Cleanings</source>
        <translation>清洗记录</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>操作人</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>改变</translation>
    </message>
    <message>
        <source>Taken out</source>
        <translation>移出</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>What it masked</source>
        <translation>遮盖的内容</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Characters</source>
        <translation>按字</translation>
    </message>
    <message>
        <source>Replaced by</source>
        <translation>替换为</translation>
    </message>
    <message>
        <source>As it was imported</source>
        <translation>导入时的原文</translation>
    </message>
    <message>
        <source>Undo this cleaning</source>
        <translation>撤销这次清洗</translation>
    </message>
    <message>
        <source>Use its steps again</source>
        <translation>再次使用这些步骤</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>Undoing a cleaning</source>
        <translation>正在撤销清洗</translation>
    </message>
    <message numerus="yes">
        <source>%Ln text(s) are as they were.</source>
        <translation>
            <numerusform>%Ln 条文本已恢复原样。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::dialogs::CleanPreview</name>
    <message>
        <source>Texts before and after</source>
        <translation>清洗前后的文本</translation>
    </message>
    <message>
        <source>Taken out:</source>
        <translation>移出：</translation>
    </message>
    <message>
        <source>Text %1</source>
        <translation>文本 %1</translation>
    </message>
    <message>
        <source>Answer to text %1</source>
        <translation>文本 %1 的回答</translation>
    </message>
</context>
<context>
    <name>lathe::dialogs::CleanSteps</name>
    <message>
        <source>Cleaning steps</source>
        <translation>清洗步骤</translation>
    </message>
    <message>
        <source>%1 masked</source>
        <translation>遮盖 %1</translation>
    </message>
    <message>
        <source>%1 changed</source>
        <translation>改变 %1</translation>
    </message>
    <message>
        <source>%1 taken out</source>
        <translation>移出 %1</translation>
    </message>
    <message>
        <source>nothing to do</source>
        <translation>无需处理</translation>
    </message>
</context>
<context>
    <name>lathe::dialogs::ExportChoicesPane</name>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Whose labels</source>
        <translation>谁的标签</translation>
    </message>
    <message>
        <source>All labels</source>
        <translation>全部标签</translation>
    </message>
    <message>
        <source>Which labels</source>
        <translation>哪些标签</translation>
    </message>
    <message numerus="yes">
        <source>The %Ln selected</source>
        <translation>
            <numerusform>选中的 %Ln 条</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The %Ln shown</source>
        <translation>
            <numerusform>当前显示的 %Ln 条</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %Ln of the project</source>
        <translation>
            <numerusform>项目中全部 %Ln 条</numerusform>
        </translation>
    </message>
    <message>
        <source>What holds now</source>
        <translation>当前有效的标签</translation>
    </message>
    <message>
        <source>Without open disagreements</source>
        <translation>不含未解决的分歧</translation>
    </message>
    <message>
        <source>By %1</source>
        <translation>%1 标注的</translation>
    </message>
    <message numerus="yes">
        <source>%Ln label(s)</source>
        <translation>
            <numerusform>%Ln 个标签</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::dialogs::ExportDialog</name>
    <message>
        <source>%1 left out: %2</source>
        <translation>省略 %1 条：%2</translation>
    </message>
    <message>
        <source>%1 not as they are: %2</source>
        <translation>%1 条与原样不同：%2</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>How the file begins</source>
        <translation>文件开头</translation>
    </message>
    <message>
        <source>The file appears when it is whole; stopped half-way, there is none.</source>
        <translation>文件完整写好后才会出现；中途停止则不留文件。</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>正在统计…</translation>
    </message>
    <message>
        <source>Looking at the export</source>
        <translation>正在查看导出内容</translation>
    </message>
    <message>
        <source>%1 of %2 texts go into the file.</source>
        <translation>%2 条文本中有 %1 条写入文件。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Exporting to %1</source>
        <translation>正在导出到 %1</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>正在写入…</translation>
    </message>
    <message>
        <source>Exported</source>
        <translation>导出完成</translation>
    </message>
    <message>
        <source>%1 of %2 texts are in %3.</source>
        <translation>%2 条文本中有 %1 条已写入 %3。</translation>
    </message>
    <message>
        <source>Nothing was written</source>
        <translation>没有写入任何内容</translation>
    </message>
    <message>
        <source>The export was stopped.</source>
        <translation>导出已停止。</translation>
    </message>
</context>
<context>
    <name>lathe::dialogs::ImportDialog</name>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Text data</source>
        <translation>文本数据</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Split for all rows</source>
        <translation>所有行的划分</translation>
    </message>
    <message>
        <source>Divide later, for training</source>
        <translation>训练时再划分</translation>
    </message>
    <message>
        <source>All for training</source>
        <translation>全部用于训练</translation>
    </message>
    <message>
        <source>All for development</source>
        <translation>全部用于开发集</translation>
    </message>
    <message>
        <source>All for the final test</source>
        <translation>全部用于最终测试</translation>
    </message>
    <message>
        <source>Leave out texts that are there already</source>
        <translation>略过已经存在的文本</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>划分</translation>
    </message>
    <message>
        <source>A file that is stopped half-way is taken out again as a whole.</source>
        <translation>中途停止的文件会整个撤出。</translation>
    </message>
    <message>
        <source>A column says the split.</source>
        <translation>由一列指定划分。</translation>
    </message>
    <message numerus="yes">
        <source>Import %n file(s)</source>
        <translation>
            <numerusform>导入 %n 个文件</numerusform>
        </translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Importing %1</source>
        <translation>正在导入 %1</translation>
    </message>
    <message numerus="yes">
        <source>Importing %n file(s)</source>
        <translation>
            <numerusform>正在导入 %n 个文件</numerusform>
        </translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>%1 of %2 read</source>
        <translation>已读 %1，共 %2</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>Import: report</source>
        <translation>导入：报告</translation>
    </message>
    <message>
        <source>Archives</source>
        <translation>压缩包</translation>
    </message>
</context>
<context>
    <name>lathe::dialogs::ImportPreviewPane</name>
    <message>
        <source>First rows of the file</source>
        <translation>文件的前几行</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>Columns are separated by</source>
        <translation>列分隔符</translation>
    </message>
    <message>
        <source>Comma</source>
        <translation>逗号</translation>
    </message>
    <message>
        <source>Semicolon</source>
        <translation>分号</translation>
    </message>
    <message>
        <source>Tab</source>
        <translation>制表符</translation>
    </message>
    <message>
        <source>Bar |</source>
        <translation>竖线 |</translation>
    </message>
    <message>
        <source>First row has the names</source>
        <translation>首行是列名</translation>
    </message>
    <message>
        <source>Looking at the file</source>
        <translation>正在查看文件</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>Choose the column that holds the text.</source>
        <translation>请选择文本所在的列。</translation>
    </message>
    <message>
        <source>the encoding is a guess: check the text</source>
        <translation>编码是推测的，请检查文字是否正确</translation>
    </message>
    <message>
        <source>A paragraph is a sample</source>
        <translation>每段为一条样本</translation>
    </message>
    <message>
        <source>A section is a sample</source>
        <translation>每节为一条样本</translation>
    </message>
    <message>
        <source>A file is a sample</source>
        <translation>每个文件为一条样本</translation>
    </message>
    <message>
        <source>A line is a sample</source>
        <translation>每行为一条样本</translation>
    </message>
    <message>
        <source>Sheet or table</source>
        <translation>工作表或数据表</translation>
    </message>
    <message>
        <source>What is a sample</source>
        <translation>样本的单位</translation>
    </message>
    <message>
        <source>Query in place of a table</source>
        <translation>用查询代替数据表</translation>
    </message>
    <message>
        <source>or a query: SELECT …</source>
        <translation>或输入查询：SELECT …</translation>
    </message>
</context>
<context>
    <name>lathe::dialogs::ImportReportPane</name>
    <message>
        <source>texts taken</source>
        <translation>已导入</translation>
    </message>
    <message>
        <source>with a label</source>
        <translation>带标签</translation>
    </message>
    <message>
        <source>there already</source>
        <translation>已存在</translation>
    </message>
    <message>
        <source>rows refused</source>
        <translation>被拒的行</translation>
    </message>
    <message>
        <source>Refused rows</source>
        <translation>被拒的行</translation>
    </message>
    <message>
        <source>Copy the report</source>
        <translation>复制报告</translation>
    </message>
    <message>
        <source>%1: not imported. %2</source>
        <translation>%1：未导入。%2</translation>
    </message>
    <message>
        <source>%1: stopped. Nothing of it is in the project.</source>
        <translation>%1：已停止，没有任何内容进入项目。</translation>
    </message>
    <message>
        <source>%1: %L2 of %L3 rows taken in %4.</source>
        <translation>%1：%L3 行中导入了 %L2 行，用时 %4。</translation>
    </message>
    <message>
        <source>The first %L1 refused rows are listed.</source>
        <translation>只列出前 %L1 个被拒的行。</translation>
    </message>
    <message>
        <source>%L1 files read, %L2 left out.</source>
        <translation>读取 %L1 个文件，跳过 %L2 个。</translation>
    </message>
</context>
<context>
    <name>lathe::dialogs::LabelDetailsPane</name>
    <message>
        <source>A kind of</source>
        <translation>属于</translation>
    </message>
    <message>
        <source>When to choose it</source>
        <translation>何时选择它</translation>
    </message>
    <message>
        <source>Examples, one a line</source>
        <translation>例子，每行一个</translation>
    </message>
    <message>
        <source>Looks like it and is not, one a line</source>
        <translation>看似而不是的，每行一个</translation>
    </message>
    <message>
        <source>Nothing else</source>
        <translation>无</translation>
    </message>
</context>
<context>
    <name>lathe::dialogs::LabelSetDialog</name>
    <message>
        <source>Labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>A label&apos;s key gives it on the Label page. Names may change at any time; what was labelled stays labelled.</source>
        <translation>在“标注”页按下标签的键即可标注。名称随时可改，已有的标注不受影响。</translation>
    </message>
    <message>
        <source>Add a label</source>
        <translation>添加标签</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Another colour…</source>
        <translation>其他颜色…</translation>
    </message>
    <message>
        <source>Texts carry this label. Give them another one first (Label page, filter by label).</source>
        <translation>还有文本带着这个标签。请先给它们换成别的标签（在“标注”页按标签筛选）。</translation>
    </message>
    <message>
        <source>Remove the label</source>
        <translation>删除标签</translation>
    </message>
    <message>
        <source>Take from a file…</source>
        <translation>从文件读取…</translation>
    </message>
    <message>
        <source>Save as a file…</source>
        <translation>存为文件…</translation>
    </message>
    <message>
        <source>Take labels from a file</source>
        <translation>从文件读取标签</translation>
    </message>
    <message>
        <source>Label set (*.json);;All files (*)</source>
        <translation>标签集 (*.json);;所有文件 (*)</translation>
    </message>
    <message>
        <source>%1 new, %2 changed.</source>
        <translation>新增 %1 个，修改 %2 个。</translation>
    </message>
    <message>
        <source>Save the labels as a file</source>
        <translation>把标签存为文件</translation>
    </message>
    <message>
        <source>Label set (*.json)</source>
        <translation>标签集 (*.json)</translation>
    </message>
    <message>
        <source>Saved: %1</source>
        <translation>已保存：%1</translation>
    </message>
</context>
<context>
    <name>lathe::dialogs::RatingScaleDialog</name>
    <message>
        <source>Scale of the rating</source>
        <translation>评分范围</translation>
    </message>
    <message>
        <source>Lowest</source>
        <translation>最低</translation>
    </message>
    <message>
        <source>Highest</source>
        <translation>最高</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步长</translation>
    </message>
    <message>
        <source>Up to 11 values are buttons, more are a slider.</source>
        <translation>不超过 11 个值时显示为按钮，更多时显示为滑块。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>The highest value must be above the lowest, a whole number of steps away.</source>
        <translation>最高值必须大于最低值，且相差整数个步长。</translation>
    </message>
</context>
<context>
    <name>lathe::dialogs::RoleHeader</name>
    <message>
        <source>Other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>划分</translation>
    </message>
    <message>
        <source>What this column holds. “Other” is kept beside the text.</source>
        <translation>这一列的内容。选“其他”则作为附加信息保存。</translation>
    </message>
    <message>
        <source>What column %1 holds</source>
        <translation>第 %1 列的内容</translation>
    </message>
    <message>
        <source>Labels (several)</source>
        <translation>多个标签</translation>
    </message>
    <message>
        <source>Rating</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>Labelled parts</source>
        <translation>文本片段</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Better answer</source>
        <translation>更好的回答</translation>
    </message>
    <message>
        <source>Other answer</source>
        <translation>另一个回答</translation>
    </message>
    <message>
        <source>Answers to compare</source>
        <translation>待比较的回答</translation>
    </message>
    <message>
        <source>Preferred answer</source>
        <translation>首选回答</translation>
    </message>
    <message>
        <source>Annotator</source>
        <translation>标注者</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation>备注</translation>
    </message>
</context>
<context>
    <name>lathe::dialogs::SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Your name</source>
        <translation>您的姓名</translation>
    </message>
    <message>
        <source>Kept with every label that you give.</source>
        <translation>会随您给出的每个标签一起保存。</translation>
    </message>
    <message>
        <source>All cores</source>
        <translation>全部核心</translation>
    </message>
    <message>
        <source>Processor cores for training</source>
        <translation>训练使用的处理器核心</translation>
    </message>
    <message>
        <source>Takes effect with the next job. Training runs at low priority, so the window stays quick even on all cores.</source>
        <translation>从下一项任务起生效。训练以低优先级运行，即使用满所有核心，窗口也不会变慢。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>lathe::dialogs::ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Find a command or a key</source>
        <translation>查找命令或按键</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>lathe::dialogs::SplitDialog</name>
    <message>
        <source>Train, dev and test</source>
        <translation>训练、开发和测试</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Divide</source>
        <translation>划分</translation>
    </message>
    <message>
        <source>Share of train</source>
        <translation>训练集比例</translation>
    </message>
    <message>
        <source>Share of dev</source>
        <translation>开发集比例</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>what a model learns from</source>
        <translation>模型从中学习</translation>
    </message>
    <message>
        <source>Dev</source>
        <translation>开发</translation>
    </message>
    <message>
        <source>what settings and the best moment are chosen by</source>
        <translation>用来选择设置和最佳时机</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>the rest: looked at in the end only</source>
        <translation>其余部分：只在最后查看</translation>
    </message>
    <message>
        <source>How</source>
        <translation>方式</translation>
    </message>
    <message>
        <source>Each label in the same shares</source>
        <translation>各标签比例相同</translation>
    </message>
    <message>
        <source>At random</source>
        <translation>随机</translation>
    </message>
    <message>
        <source>By time: the newest for the test</source>
        <translation>按时间：最新的用于测试</translation>
    </message>
    <message>
        <source>Date from</source>
        <translation>日期取自</translation>
    </message>
    <message>
        <source>when it was imported</source>
        <translation>导入时间</translation>
    </message>
    <message>
        <source>Keep together</source>
        <translation>保持在一起</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>equal and nearly equal texts</source>
        <translation>相同和近似的文本</translation>
    </message>
    <message>
        <source>texts of one file</source>
        <translation>同一文件的文本</translation>
    </message>
    <message>
        <source>same “%1”</source>
        <translation>“%1”相同的文本</translation>
    </message>
    <message>
        <source>so that the test holds nothing that the model has seen in another shape</source>
        <translation>这样测试集里不会有模型以别的形式见过的内容</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>the same seed divides the same texts in the same way</source>
        <translation>同样的种子对同样的文本给出同样的划分</translation>
    </message>
    <message>
        <source>What comes of it</source>
        <translation>划分结果</translation>
    </message>
    <message>
        <source>Texts per label and split</source>
        <translation>各标签在各部分的文本数</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Freeze the test split</source>
        <translation>冻结测试集</translation>
    </message>
    <message>
        <source>Why the test split changes</source>
        <translation>改动测试集的原因</translation>
    </message>
    <message>
        <source>leave empty to keep the test split as it is</source>
        <translation>留空则测试集保持不变</translation>
    </message>
    <message>
        <source>with a reason all texts are divided anew; the reason is kept in the log</source>
        <translation>填写原因后将重新划分全部文本，原因记入日志</translation>
    </message>
    <message>
        <source>Train and dev are more than all texts together: make one of them smaller.</source>
        <translation>训练集和开发集之和超过全部文本：请减小其中一个。</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>正在查看…</translation>
    </message>
    <message>
        <source>Looking at what dividing would do</source>
        <translation>正在查看划分的效果</translation>
    </message>
    <message>
        <source>All texts</source>
        <translation>全部文本</translation>
    </message>
    <message>
        <source>without a label</source>
        <translation>无标签</translation>
    </message>
    <message>
        <source>%1 groups stay together.</source>
        <translation>%1 组保持在一起。</translation>
    </message>
    <message>
        <source>%1 texts belong to groups that have texts in the frozen test split.</source>
        <translation>%1 条文本所在的组有文本在冻结的测试集中。</translation>
    </message>
    <message>
        <source>%1 texts have no date that can be read; they count as the oldest.</source>
        <translation>%1 条文本没有可读的日期，视为最旧。</translation>
    </message>
    <message>
        <source>Dividing the texts</source>
        <translation>正在划分文本</translation>
    </message>
    <message>
        <source>Divided: %1 train, %2 dev, %3 test.</source>
        <translation>已划分：训练 %1，开发 %2，测试 %3。</translation>
    </message>
    <message>
        <source>The test split is frozen: its texts stay in it unchanged, so that the scores of all runs can be compared. The other texts are divided into train and dev.</source>
        <translation>测试集已冻结：其中的文本保持不变，这样各次训练的成绩才能比较。其余文本划分为训练集和开发集。</translation>
    </message>
    <message>
        <source>A frozen test split stays as it is: nobody moves, edits or removes its texts without giving a reason, which is kept in a log.</source>
        <translation>冻结的测试集保持不变：移动、修改或删除其中的文本必须说明原因，原因记入日志。</translation>
    </message>
    <message>
        <source>The project is open for reading only.</source>
        <translation>项目以只读方式打开。</translation>
    </message>
    <message>
        <source>Give every text its split as shown</source>
        <translation>按所示划分每条文本</translation>
    </message>
</context>
<context>
    <name>lathe::itemmodels::Annotator</name>
    <message>
        <source>Label “%1”</source>
        <translation>标注“%1”</translation>
    </message>
    <message>
        <source>Remove the label</source>
        <translation>删除标签</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>Unskip</source>
        <translation>取消跳过</translation>
    </message>
    <message>
        <source>Flag</source>
        <translation>存疑</translation>
    </message>
    <message>
        <source>Unflag</source>
        <translation>取消存疑</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message numerus="yes">
        <source>Mark %n text(s)</source>
        <translation>
            <numerusform>标记 %n 条文本</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Set the split of %n text(s)</source>
        <translation>
            <numerusform>设置 %n 条文本的划分</numerusform>
        </translation>
    </message>
    <message>
        <source>Change the text</source>
        <translation>修改文本</translation>
    </message>
    <message>
        <source>Label the text</source>
        <translation>标注文本</translation>
    </message>
</context>
<context>
    <name>lathe::itemmodels::IssueModel</name>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Why it was not taken</source>
        <translation>未导入的原因</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
</context>
<context>
    <name>lathe::itemmodels::LabelSetModel</name>
    <message>
        <source>Colour</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>When to choose it</source>
        <translation>何时选用</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>文本数</translation>
    </message>
    <message>
        <source>Label %1 has no name.</source>
        <translation>标签 %1 没有名称。</translation>
    </message>
    <message>
        <source>Two labels are called “%1”.</source>
        <translation>有两个标签都叫“%1”。</translation>
    </message>
    <message>
        <source>“%1” and “%2” have the same key, %3.</source>
        <translation>“%1”和“%2”用了同一个键 %3。</translation>
    </message>
</context>
<context>
    <name>lathe::itemmodels::SampleModel</name>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>划分</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>长度</translation>
    </message>
    <message>
        <source>Marks</source>
        <translation>标记</translation>
    </message>
    <message>
        <source>(removed)</source>
        <translation>（已删除）</translation>
    </message>
    <message>
        <source>(answer)</source>
        <translation>（回答）</translation>
    </message>
    <message>
        <source>flagged</source>
        <translation>存疑</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>comment</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>%1, line %2</source>
        <translation>%1，第 %2 行</translation>
    </message>
    <message>
        <source>Searching</source>
        <translation>正在搜索</translation>
    </message>
    <message>
        <source>(no label)</source>
        <translation>（无标签）</translation>
    </message>
    <message numerus="yes">
        <source>%n labelled part(s)</source>
        <translation>
            <numerusform>%n 处标注</numerusform>
        </translation>
    </message>
    <message>
        <source>Length of the text in characters. Click to sort; a third click brings the order of import back.</source>
        <translation>文本的字符数。点击排序；点第三次恢复导入顺序。</translation>
    </message>
    <message>
        <source>Click to sort; a third click brings the order of import back.</source>
        <translation>点击排序；点第三次恢复导入顺序。</translation>
    </message>
</context>
<context>
    <name>lathe::pages::AgreementPane</name>
    <message>
        <source>Label</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Rating</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>Better answer</source>
        <translation>更好的回答</translation>
    </message>
    <message>
        <source>Turns</source>
        <translation>轮次</translation>
    </message>
    <message>
        <source>Labelled parts</source>
        <translation>文本片段</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>The labels can be relied on.</source>
        <translation>这些标签可以信赖。</translation>
    </message>
    <message>
        <source>Good enough for careful conclusions; settle the disagreements.</source>
        <translation>足以得出谨慎的结论；请解决分歧。</translation>
    </message>
    <message>
        <source>Too little to rely on: the guideline is read differently. Talk about the labels that agree least, then label those texts again.</source>
        <translation>还不足以信赖：大家对标注说明的理解不同。先讨论一致性最低的标签，再重新标注那些文本。</translation>
    </message>
    <message>
        <source>Hardly better than chance: the labels do not mean the same to everybody.</source>
        <translation>几乎与随机无异：这些标签在各人心里含义不同。</translation>
    </message>
    <message>
        <source>Nothing to compare yet</source>
        <translation>还没有可比较的</translation>
    </message>
    <message>
        <source>As soon as two people have labelled the same texts, or one person the same texts twice, this tells how far they agree.</source>
        <translation>只要两个人标注了同样的文本，或一个人把同样的文本标注了两次，这里就会显示一致程度。</translation>
    </message>
    <message>
        <source>Label texts</source>
        <translation>去标注</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>标注者</translation>
    </message>
    <message>
        <source>And</source>
        <translation>与</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>In common</source>
        <translation>共同标注</translation>
    </message>
    <message>
        <source>The same</source>
        <translation>相同</translation>
    </message>
    <message>
        <source>Cohen&apos;s kappa</source>
        <translation>Cohen κ 系数</translation>
    </message>
    <message>
        <source>Alpha or F1</source>
        <translation>α 或 F1</translation>
    </message>
    <message>
        <source>Given</source>
        <translation>给出次数</translation>
    </message>
    <message>
        <source>By pair</source>
        <translation>按标注者对</translation>
    </message>
    <message>
        <source>Agreement by pair of annotators</source>
        <translation>各对标注者的一致性</translation>
    </message>
    <message>
        <source>By label</source>
        <translation>按标签</translation>
    </message>
    <message>
        <source>Agreement by label</source>
        <translation>各标签的一致性</translation>
    </message>
    <message>
        <source>Comparing annotators</source>
        <translation>正在比较标注者</translation>
    </message>
    <message>
        <source>%1: %2 labelled by two people or more, the same in %3.</source>
        <translation>%1：%2 条由两人以上标注，相同的占 %3。</translation>
    </message>
    <message>
        <source>F1 of the parts is %1.</source>
        <translation>片段的 F1 为 %1。</translation>
    </message>
    <message>
        <source>Krippendorff&apos;s alpha is %1 (1 = perfect, 0 = chance).</source>
        <translation>Krippendorff α 为 %1（1 表示完全一致，0 表示随机）。</translation>
    </message>
    <message>
        <source>self, blind</source>
        <translation>本人盲测</translation>
    </message>
    <message>
        <source>a removed label</source>
        <translation>已删除的标签</translation>
    </message>
</context>
<context>
    <name>lathe::pages::AnnotatorsPane</name>
    <message>
        <source>Nobody has labelled yet</source>
        <translation>还没有人标注</translation>
    </message>
    <message>
        <source>Who labelled how much, and how fast, is told here.</source>
        <translation>这里显示每人标注了多少、速度如何。</translation>
    </message>
    <message>
        <source>Label texts</source>
        <translation>去标注</translation>
    </message>
    <message>
        <source>Annotator</source>
        <translation>标注者</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Blind repeats</source>
        <translation>盲测重标</translation>
    </message>
    <message>
        <source>Decisions</source>
        <translation>裁定</translation>
    </message>
    <message>
        <source>Sessions</source>
        <translation>工作段</translation>
    </message>
    <message>
        <source>Hours</source>
        <translation>小时</translation>
    </message>
    <message>
        <source>Seconds a label</source>
        <translation>每个标签秒数</translation>
    </message>
    <message>
        <source>Last label</source>
        <translation>最近一次</translation>
    </message>
    <message>
        <source>The annotators&apos; work</source>
        <translation>标注者的工作</translation>
    </message>
    <message>
        <source>Seconds a label: the median time between two labels. More than five minutes without a label is a pause and ends a session.</source>
        <translation>每个标签秒数：两次标注间隔的中位数。超过五分钟没有标注视为休息，工作段结束。</translation>
    </message>
    <message>
        <source>Counting the annotators&apos; work</source>
        <translation>正在统计标注者的工作</translation>
    </message>
</context>
<context>
    <name>lathe::pages::AnswerEditor</name>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Write the answer. Ctrl+Enter: done, next text.</source>
        <translation>写下回答。按 Ctrl+回车完成并显示下一条。</translation>
    </message>
</context>
<context>
    <name>lathe::pages::BarList</name>
    <message>
        <source>Label balance</source>
        <translation>标签分布</translation>
    </message>
    <message>
        <source>Show the texts with “%1”</source>
        <translation>显示标为“%1”的文本</translation>
    </message>
</context>
<context>
    <name>lathe::pages::CalibrationView</name>
    <message>
        <source>How sure the model is</source>
        <translation>模型的把握</translation>
    </message>
    <message>
        <source>Share that is right</source>
        <translation>答对的比例</translation>
    </message>
    <message>
        <source>Share of right answers by the model&apos;s confidence</source>
        <translation>不同把握下答对的比例</translation>
    </message>
    <message>
        <source>Expected calibration error: mean gap between confidence and accuracy over ten bins. Brier score: mean squared distance to the right answer, 0 to 2. Temperature: what the scores would have to be divided by to be honest on these texts.</source>
        <translation>期望校准误差：十个区间里把握与准确率之差的平均值。Brier 分数：与正确答案的均方距离，0 到 2。温度：要让分数在这些文本上如实，需要除以的数。</translation>
    </message>
    <message>
        <source>The probabilities of so many texts were not kept; evaluate a smaller part.</source>
        <translation>文本太多，概率没有保留；请评估较小的一部分。</translation>
    </message>
    <message numerus="yes">
        <source>Sure to %1 on average, right in %2 of %n text(s)</source>
        <translation>
            <numerusform>%n 条文本：平均把握 %1，答对 %2</numerusform>
        </translation>
    </message>
    <message>
        <source>Too sure of itself: it is %1 sure on average and right in %2.</source>
        <translation>过于自信：平均把握 %1，答对 %2。</translation>
    </message>
    <message>
        <source>Too modest: it is %1 sure on average and right in %2.</source>
        <translation>过于保守：平均把握 %1，答对 %2。</translation>
    </message>
    <message>
        <source>Honest: it is %1 sure on average and right in %2.</source>
        <translation>如实：平均把握 %1，答对 %2。</translation>
    </message>
    <message>
        <source>Calibration error %1 · Brier score %2 · temperature %3</source>
        <translation>校准误差 %1 · Brier 分数 %2 · 温度 %3</translation>
    </message>
    <message>
        <source>%1 to %2 sure</source>
        <translation>把握 %1 至 %2</translation>
    </message>
</context>
<context>
    <name>lathe::pages::ChatPage</name>
    <message>
        <source>Model to talk to</source>
        <translation>对话的模型</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Begin a new conversation</source>
        <translation>开始新的对话</translation>
    </message>
    <message>
        <source>Sampling</source>
        <translation>采样</translation>
    </message>
    <message>
        <source>How the next word is drawn</source>
        <translation>如何选取下一个词</translation>
    </message>
    <message>
        <source>Ask something…</source>
        <translation>问点什么…</translation>
    </message>
    <message>
        <source>A text, as a customer would write it…</source>
        <translation>写一条消息，就像客户那样…</translation>
    </message>
    <message>
        <source>writes answers</source>
        <translation>生成回答</translation>
    </message>
    <message>
        <source>%1 labels</source>
        <translation>%1 个标签</translation>
    </message>
    <message>
        <source>%1 weights</source>
        <translation>%1 个参数</translation>
    </message>
    <message>
        <source>cannot be loaded: %1</source>
        <translation>无法加载：%1</translation>
    </message>
    <message>
        <source>loading…</source>
        <translation>正在加载…</translation>
    </message>
    <message>
        <source>Nobody to talk to yet</source>
        <translation>还没有可以对话的模型</translation>
    </message>
    <message>
        <source>Train a model first. Then try it here, with words of your own.</source>
        <translation>请先训练一个模型，再用自己的话在这里试一试。</translation>
    </message>
    <message>
        <source>Go to Train</source>
        <translation>前往“训练”</translation>
    </message>
    <message>
        <source>Ask it something</source>
        <translation>问问它</translation>
    </message>
    <message>
        <source>The answer is written while you read. Everything stays on this computer.</source>
        <translation>回答会边写边显示。所有数据都留在这台电脑上。</translation>
    </message>
    <message>
        <source>What would it say?</source>
        <translation>它会怎么判断？</translation>
    </message>
    <message>
        <source>Write a text; the model answers with its likeliest labels.</source>
        <translation>输入一段文本，模型会给出最可能的标签。</translation>
    </message>
</context>
<context>
    <name>lathe::pages::ComparisonView</name>
    <message>
        <source>Is another model better?</source>
        <translation>另一个模型更好吗？</translation>
    </message>
    <message>
        <source>Choose a model under “Compare with” on the left and evaluate: both answer the same texts, and you see what the other one fixed, what it broke, and whether that is more than chance.</source>
        <translation>在左侧“比较对象”里选一个模型再评估：两个模型回答同样的文本，可以看到另一个改对了什么、改错了什么，以及这是否超出偶然。</translation>
    </message>
    <message>
        <source>Paired bootstrap: the texts are drawn again with replacement 2,000 times, the same for both models</source>
        <translation>配对自助法：对文本有放回地重抽 2,000 次，两个模型用同样的样本</translation>
    </message>
    <message>
        <source>McNemar&apos;s test, exact: only texts on which one of the two is right count</source>
        <translation>McNemar 精确检验：只计两者中恰有一个答对的文本</translation>
    </message>
    <message>
        <source>difference, points</source>
        <translation>差值，百分点</translation>
    </message>
    <message>
        <source>No difference that chance does not explain</source>
        <translation>差别不超出偶然</translation>
    </message>
    <message>
        <source>%1 is better</source>
        <translation>%1 更好</translation>
    </message>
    <message>
        <source>accuracy of %1</source>
        <translation>%1 的准确率</translation>
    </message>
    <message>
        <source>The difference lies between %1 and %2 points with 95 % confidence (%3); of macro-F1 between %4 and %5 points (%6).</source>
        <translation>准确率之差以 95 % 的置信度在 %1 到 %2 个百分点之间（%3）；宏平均 F1 之差在 %4 到 %5 个百分点之间（%6）。</translation>
    </message>
    <message>
        <source>%1 fixes %2 texts and breaks %3; so uneven by chance alone: %4.</source>
        <translation>%1 改对 %2 条、改错 %3 条；仅凭偶然出现这种不均衡：%4。</translation>
    </message>
    <message>
        <source>What it fixed (%1)</source>
        <translation>改对的（%1）</translation>
    </message>
    <message>
        <source>What it broke (%1)</source>
        <translation>改错的（%1）</translation>
    </message>
    <message>
        <source>Fixed by the other model</source>
        <translation>另一个模型改对的</translation>
    </message>
    <message>
        <source>Broken by the other model</source>
        <translation>另一个模型改错的</translation>
    </message>
</context>
<context>
    <name>lathe::pages::Composer</name>
    <message>
        <source>Your question</source>
        <translation>您的问题</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Send the question</source>
        <translation>发送问题</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop writing</source>
        <translation>停止生成</translation>
    </message>
</context>
<context>
    <name>lathe::pages::ConfusedPairsModel</name>
    <message>
        <source>Label</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Taken for</source>
        <translation>被认作</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>文本数</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>占比</translation>
    </message>
</context>
<context>
    <name>lathe::pages::ConfusionMatrix</name>
    <message>
        <source>Confusion matrix</source>
        <translation>混淆矩阵</translation>
    </message>
    <message>
        <source>%1 of %2 (%3)</source>
        <translation>%2 条中的 %1 条（%3）</translation>
    </message>
    <message>
        <source>%1, recognised: %2</source>
        <translation>%1，判对：%2</translation>
    </message>
    <message>
        <source>%1, taken for %2: %3</source>
        <translation>%1，被认作 %2：%3</translation>
    </message>
    <message>
        <source>taken for →</source>
        <translation>模型判为 →</translation>
    </message>
    <message>
        <source>labelled ↓</source>
        <translation>人工标注 ↓</translation>
    </message>
</context>
<context>
    <name>lathe::pages::CorpusPage</name>
    <message>
        <source>Import texts</source>
        <translation>导入文本</translation>
    </message>
    <message>
        <source>The project is open for reading only: nothing can be imported.</source>
        <translation>项目以只读方式打开，无法导入。</translation>
    </message>
    <message>
        <source>Make or open a project first, then import into it.</source>
        <translation>请先新建或打开一个项目，再导入。</translation>
    </message>
    <message>
        <source>Export the texts shown</source>
        <translation>导出当前显示的文本</translation>
    </message>
    <message>
        <source>Remove texts</source>
        <translation>删除文本</translation>
    </message>
    <message numerus="yes">
        <source>Remove %Ln text(s) from the corpus?</source>
        <translation>
            <numerusform>要从语料中删除 %Ln 条文本吗？</numerusform>
        </translation>
    </message>
    <message>
        <source>Their labels go with them. Runs that were trained on them keep their copy.</source>
        <translation>它们的标签会一并删除。用它们训练过的记录仍保留各自的副本。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Removing texts</source>
        <translation>正在删除文本</translation>
    </message>
    <message>
        <source>Open on the Label page</source>
        <translation>在“标注”页打开</translation>
    </message>
    <message>
        <source>Give a label</source>
        <translation>设置标签</translation>
    </message>
    <message>
        <source>No label</source>
        <translation>无标签</translation>
    </message>
    <message>
        <source>Set the split</source>
        <translation>设置划分</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Dev</source>
        <translation>开发</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>No split</source>
        <translation>未划分</translation>
    </message>
    <message>
        <source>Flag</source>
        <translation>存疑</translation>
    </message>
    <message>
        <source>Take the flag away</source>
        <translation>取消存疑</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Copy the selected texts</source>
        <translation>复制选中的文本</translation>
    </message>
    <message>
        <source>Remove the selected texts</source>
        <translation>删除选中的文本</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Search the texts</source>
        <translation>搜索文本</translation>
    </message>
    <message>
        <source>Corpus</source>
        <translation>语料</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Write the texts shown to a file</source>
        <translation>把当前显示的文本写入文件</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>文本数</translation>
    </message>
    <message>
        <source>No text fits</source>
        <translation>没有符合的文本</translation>
    </message>
    <message>
        <source>Nothing in this project fits the search and the filters above.</source>
        <translation>这个项目里没有符合上方搜索和筛选条件的文本。</translation>
    </message>
    <message>
        <source>Show everything</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Your texts live in a project</source>
        <translation>文本保存在项目里</translation>
    </message>
    <message>
        <source>Make a project or open one; then import tables and text files here.</source>
        <translation>新建或打开一个项目，然后在这里导入表格和文本文件。</translation>
    </message>
    <message>
        <source>Bring your texts</source>
        <translation>导入您的文本</translation>
    </message>
    <message>
        <source>Drop a CSV, TSV, JSONL, JSON or plain text file here, or choose one.</source>
        <translation>把 CSV、TSV、JSONL、JSON 或纯文本文件拖到这里，或者选择一个文件。</translation>
    </message>
    <message>
        <source>This project has no texts, and it is open for reading only.</source>
        <translation>这个项目没有文本，并且以只读方式打开。</translation>
    </message>
    <message>
        <source>Import a file</source>
        <translation>导入文件</translation>
    </message>
    <message>
        <source>The project is open for reading only.</source>
        <translation>项目以只读方式打开。</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>正在搜索…</translation>
    </message>
    <message numerus="yes">
        <source>%Ln text(s)</source>
        <translation>
            <numerusform>%Ln 条文本</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln selected</source>
        <translation>
            <numerusform>已选 %Ln 条</numerusform>
        </translation>
    </message>
    <message>
        <source>Clean…</source>
        <translation>清洗…</translation>
    </message>
    <message>
        <source>Clean the texts shown, mask personal data, undo a cleaning</source>
        <translation>清洗当前显示的文本、遮盖个人信息、撤销清洗</translation>
    </message>
    <message>
        <source>Split…</source>
        <translation>划分…</translation>
    </message>
    <message>
        <source>Divide the texts into train, dev and test</source>
        <translation>把文本划分为训练、开发和测试</translation>
    </message>
    <message>
        <source>Clean the texts shown</source>
        <translation>清洗当前显示的文本</translation>
    </message>
    <message>
        <source>Divide into train, dev and test</source>
        <translation>划分为训练、开发和测试</translation>
    </message>
    <message numerus="yes">
        <source>the %Ln selected text(s)</source>
        <translation>
            <numerusform>选中的 %Ln 条文本</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>all %Ln text(s)</source>
        <translation>
            <numerusform>全部 %Ln 条文本</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>the %Ln text(s) shown</source>
        <translation>
            <numerusform>当前显示的 %Ln 条文本</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::pages::DataPane</name>
    <message>
        <source>texts</source>
        <translation>条文本</translation>
    </message>
    <message>
        <source>labelled</source>
        <translation>已标注</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>No labels yet. The Label page makes them.</source>
        <translation>还没有标签，请到“标注”页创建。</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>长度</translation>
    </message>
    <message>
        <source>%1 with an answer</source>
        <translation>%1 条有回答</translation>
    </message>
    <message>
        <source>train %1 · dev %2 · test %3</source>
        <translation>训练 %1 · 开发 %2 · 测试 %3</translation>
    </message>
    <message>
        <source>%1 flagged</source>
        <translation>%1 条存疑</translation>
    </message>
    <message>
        <source>%1 skipped</source>
        <translation>%1 条已跳过</translation>
    </message>
    <message>
        <source>Measuring the texts</source>
        <translation>正在统计文本</translation>
    </message>
    <message>
        <source>From %L1 of %L2 texts, evenly spaced.</source>
        <translation>统计自 %L2 条文本中均匀抽取的 %L1 条。</translation>
    </message>
    <message>
        <source>Longest: %L1 characters.</source>
        <translation>最长 %L1 个字符。</translation>
    </message>
    <message>
        <source>Characters</source>
        <translation>按字</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>切分</translation>
    </message>
    <message>
        <source>As the project&apos;s newest model reads them</source>
        <translation>按项目最新模型的读法</translation>
    </message>
    <message>
        <source>Telling words</source>
        <translation>特征词</translation>
    </message>
    <message>
        <source>Label whose words are shown</source>
        <translation>显示哪个标签的词</translation>
    </message>
    <message>
        <source>Words that this label&apos;s texts have more often than the others</source>
        <translation>这个标签的文本中比其他文本更常出现的词</translation>
    </message>
    <message>
        <source>Labels over time</source>
        <translation>标注进度</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>(no label)</source>
        <translation>（无标签）</translation>
    </message>
    <message>
        <source>Counting tokens</source>
        <translation>正在统计词元</translation>
    </message>
    <message>
        <source>Tokens of %1.</source>
        <translation>%1 的词元。</translation>
    </message>
    <message>
        <source>All fit: it reads %L1 tokens.</source>
        <translation>全部读得下：它最多读 %L1 个词元。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln are longer than the %1 tokens that it reads.</source>
        <translation>
            <numerusform>%Ln 条超过它能读的 %1 个词元。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::pages::DayBars</name>
    <message>
        <source>Labels over time</source>
        <translation>标注进度</translation>
    </message>
    <message numerus="yes">
        <source>%1: %Ln label(s)</source>
        <translation>
            <numerusform>%1：%Ln 个标签</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::pages::DisagreementsPane</name>
    <message>
        <source>Nobody disagrees</source>
        <translation>没有分歧</translation>
    </message>
    <message>
        <source>When two people label the same text differently, it waits here for a decision. Set another annotator&apos;s name in the settings, or merge a colleague&apos;s project.</source>
        <translation>两个人对同一条文本的标注不同时，它会在这里等待裁定。可在设置里换一个标注者姓名，或合并同事的项目。</translation>
    </message>
    <message>
        <source>Label texts</source>
        <translation>去标注</translation>
    </message>
    <message>
        <source>The text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>The text that is labelled differently</source>
        <translation>标注不同的文本</translation>
    </message>
    <message>
        <source>Why? Kept with the decision (W)</source>
        <translation>为什么？随裁定一起保存（W）</translation>
    </message>
    <message>
        <source>Why it is decided so</source>
        <translation>如此裁定的原因</translation>
    </message>
    <message>
        <source>A label that nobody gave</source>
        <translation>没有人给过的标签</translation>
    </message>
    <message>
        <source>Decide for this label</source>
        <translation>裁定为这个标签</translation>
    </message>
    <message>
        <source>Decide for the label in the list</source>
        <translation>裁定为列表中的标签</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Show the text on the Label page</source>
        <translation>在“标注”页显示这条文本</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一条</translation>
    </message>
    <message>
        <source>Leave this one open and show the next</source>
        <translation>暂不裁定，显示下一条</translation>
    </message>
    <message>
        <source>Write why</source>
        <translation>写下原因</translation>
    </message>
    <message>
        <source>Looking for disagreements</source>
        <translation>正在查找分歧</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>%1 is right (%2)</source>
        <translation>%1 是对的（%2）</translation>
    </message>
    <message>
        <source>%1 is right</source>
        <translation>%1 是对的</translation>
    </message>
    <message>
        <source>Decide for %1: %2</source>
        <translation>裁定为 %1：%2</translation>
    </message>
    <message>
        <source>Decide for opinion %1</source>
        <translation>裁定为意见 %1</translation>
    </message>
</context>
<context>
    <name>lathe::pages::DuplicateGroupsModel</name>
    <message>
        <source>(gone)</source>
        <translation>（已不在）</translation>
    </message>
    <message>
        <source>equal</source>
        <translation>相同</translation>
    </message>
    <message>
        <source>labels differ</source>
        <translation>标签不同</translation>
    </message>
    <message>
        <source>in several splits</source>
        <translation>跨多个划分</translation>
    </message>
    <message>
        <source>How much of their character sequences the first text and the one most unlike it share</source>
        <translation>第一条文本与最不相似的一条共有的字符序列比例</translation>
    </message>
    <message>
        <source>First text</source>
        <translation>第一条文本</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Alike</source>
        <translation>相似度</translation>
    </message>
    <message>
        <source>Look at</source>
        <translation>查看</translation>
    </message>
</context>
<context>
    <name>lathe::pages::DuplicatesPane</name>
    <message>
        <source>Are texts there more than once?</source>
        <translation>有重复的文本吗？</translation>
    </message>
    <message>
        <source>Repeated texts make scores look better than they are when they lie in train and test, and confuse a model when their labels differ.</source>
        <translation>重复的文本若同时在训练集和测试集里，会让成绩虚高；若标签不同，会让模型困惑。</translation>
    </message>
    <message>
        <source>Look for duplicates</source>
        <translation>查找重复</translation>
    </message>
    <message>
        <source>Which groups</source>
        <translation>哪些组</translation>
    </message>
    <message>
        <source>All groups</source>
        <translation>全部组</translation>
    </message>
    <message>
        <source>Labels differ</source>
        <translation>标签不同</translation>
    </message>
    <message>
        <source>In several splits</source>
        <translation>跨多个划分</translation>
    </message>
    <message>
        <source>How alike</source>
        <translation>相似程度</translation>
    </message>
    <message>
        <source>equal texts</source>
        <translation>相同的文本</translation>
    </message>
    <message>
        <source>%1 % alike and more</source>
        <translation>相似度 %1 % 以上</translation>
    </message>
    <message>
        <source>Case, width and spaces do not count. Of other differences so much may be.</source>
        <translation>大小写、全半角和空格不计，其他差异允许这么多。</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新查找</translation>
    </message>
    <message>
        <source>Look through all texts</source>
        <translation>查找全部文本</translation>
    </message>
    <message>
        <source>Groups of duplicates</source>
        <translation>重复文本的组</translation>
    </message>
    <message>
        <source>Texts of the group</source>
        <translation>组内文本</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>划分</translation>
    </message>
    <message>
        <source>Alike</source>
        <translation>相似度</translation>
    </message>
    <message>
        <source>Keep one of each</source>
        <translation>每组保留一条</translation>
    </message>
    <message>
        <source>Takes the others of the selected groups out. A text of the test split stays before a labelled one, and that before an unlabelled one.</source>
        <translation>移出所选各组的其余文本。优先保留测试集的文本，其次是已标注的，最后是未标注的。</translation>
    </message>
    <message>
        <source>Label of the majority</source>
        <translation>采用多数标签</translation>
    </message>
    <message>
        <source>Gives the label that most of a group have to all of it; a tie is left alone.</source>
        <translation>把组内多数文本的标签给全组；票数相同则不改。</translation>
    </message>
    <message>
        <source>Flag</source>
        <translation>存疑</translation>
    </message>
    <message>
        <source>Puts all texts of the selected groups under Flags, to be looked at one by one.</source>
        <translation>把所选各组的全部文本放入“存疑”，逐条查看。</translation>
    </message>
    <message>
        <source>For the selected groups; Ctrl+A selects all. Undo: Clean… on the Corpus page, History.</source>
        <translation>作用于所选的组，按 Ctrl+A 全选。撤销：“语料”页的“清洗…”，“历史”。</translation>
    </message>
    <message>
        <source>Looking for duplicates</source>
        <translation>正在查找重复</translation>
    </message>
    <message>
        <source>%1 of %2 texts repeat another one</source>
        <translation>%2 条文本中有 %1 条与别的重复</translation>
    </message>
    <message>
        <source>%1 groups with different labels</source>
        <translation>%1 组的标签不同</translation>
    </message>
    <message>
        <source>%1 test texts are known from train or dev</source>
        <translation>%1 条测试文本已在训练集或开发集中</translation>
    </message>
    <message>
        <source>No text is there twice</source>
        <translation>没有重复的文本</translation>
    </message>
    <message>
        <source>%1 texts were looked through; none is like another one.</source>
        <translation>已查看 %1 条文本，没有相似的。</translation>
    </message>
    <message>
        <source>Working on duplicates</source>
        <translation>正在处理重复</translation>
    </message>
    <message>
        <source>%1 texts changed, %2 taken out, %3 left alone.</source>
        <translation>改变 %1 条，移出 %2 条，未动 %3 条。</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>正在查看…</translation>
    </message>
</context>
<context>
    <name>lathe::pages::ErrorsModel</name>
    <message>
        <source>Kept</source>
        <translation>已保存</translation>
    </message>
    <message>
        <source>Label taken away</source>
        <translation>已取消标签</translation>
    </message>
    <message>
        <source>Now %1</source>
        <translation>现为 %1</translation>
    </message>
    <message>
        <source>How likely the label is by a model that has not seen it</source>
        <translation>没见过它的模型认为这个标签有多可能</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Model says</source>
        <translation>模型认为</translation>
    </message>
    <message>
        <source>Likely</source>
        <translation>可能性</translation>
    </message>
    <message>
        <source>Decision</source>
        <translation>处理</translation>
    </message>
</context>
<context>
    <name>lathe::pages::ErrorsPane</name>
    <message>
        <source>Likely label errors</source>
        <translation>可能的标注错误</translation>
    </message>
    <message>
        <source>Change the label</source>
        <translation>改标签</translation>
    </message>
    <message>
        <source>Give the text the model&apos;s label</source>
        <translation>采用模型的标签</translation>
    </message>
    <message>
        <source>Keep the label</source>
        <translation>保留标签</translation>
    </message>
    <message>
        <source>The label is right; do not list it again</source>
        <translation>标签正确，不再列出</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Show the text on the Label page</source>
        <translation>在“标注”页显示这条文本</translation>
    </message>
    <message>
        <source>Search again</source>
        <translation>重新查找</translation>
    </message>
    <message>
        <source>Looking for likely label errors</source>
        <translation>正在查找可能的标注错误</translation>
    </message>
    <message>
        <source>About %1 of %L2 labels are wrong, by estimate.</source>
        <translation>估计 %L2 个标签中约有 %1 个有误。</translation>
    </message>
    <message>
        <source>Looking at the labels</source>
        <translation>正在检查标签</translation>
    </message>
    <message>
        <source>A model learns from four fifths of the labels and looks at the last fifth, five times over.</source>
        <translation>模型用五分之四的标签学习，检查剩下的五分之一，共五轮。</translation>
    </message>
    <message>
        <source>No label looks wrong</source>
        <translation>没有看起来有误的标签</translation>
    </message>
    <message>
        <source>A model that has not seen them agrees with all labels.</source>
        <translation>没见过它们的模型同意所有标签。</translation>
    </message>
    <message>
        <source>Are there wrong labels?</source>
        <translation>有标错的吗？</translation>
    </message>
    <message>
        <source>A model learns from a part of the labels and says which of the others it does not believe. You decide about each.</source>
        <translation>模型用一部分标签学习，指出其余标签中它不相信的。每一条由你决定。</translation>
    </message>
    <message>
        <source>Look for likely errors</source>
        <translation>查找可能的错误</translation>
    </message>
    <message>
        <source>Too few labels yet</source>
        <translation>标签还太少</translation>
    </message>
    <message>
        <source>Likely errors can be found once some %1 texts are labelled.</source>
        <translation>标注约 %1 条文本后才能查找可能的错误。</translation>
    </message>
    <message>
        <source>Label texts</source>
        <translation>去标注</translation>
    </message>
    <message>
        <source>A model that has not seen this label gives it %1, and “%2” %3. Texts that are labelled “%2” get %4 from it on average.</source>
        <translation>没见过这个标签的模型给它 %1，给“%2”%3。标为“%2”的文本平均得到 %4。</translation>
    </message>
</context>
<context>
    <name>lathe::pages::EvaluatePage</name>
    <message>
        <source>What to judge</source>
        <translation>评估什么</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Evaluate</source>
        <translation>评估</translation>
    </message>
    <message>
        <source>Evaluate the model</source>
        <translation>评估模型</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Cancel the evaluation</source>
        <translation>取消评估</translation>
    </message>
    <message>
        <source>accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>macro-F1</source>
        <translation>宏平均 F1</translation>
    </message>
    <message>
        <source>texts</source>
        <translation>条文本</translation>
    </message>
    <message>
        <source>mean loss</source>
        <translation>平均损失</translation>
    </message>
    <message>
        <source>Mean of the labels&apos; F1: rare labels count as much as frequent ones</source>
        <translation>各标签 F1 的平均值：少见的标签与常见的同等重要</translation>
    </message>
    <message>
        <source>Nats per text: how surprised the model is by the right labels</source>
        <translation>每条文本的奈特数：模型对正确标签的意外程度</translation>
    </message>
    <message>
        <source>Save report…</source>
        <translation>保存报告…</translation>
    </message>
    <message>
        <source>Save the report as JSON or CSV</source>
        <translation>把报告保存为 JSON 或 CSV</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Order of the labels</source>
        <translation>标签的顺序</translation>
    </message>
    <message>
        <source>Confused ones together</source>
        <translation>易混淆的相邻</translation>
    </message>
    <message>
        <source>Largest first</source>
        <translation>数量多的在前</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>按名称</translation>
    </message>
    <message>
        <source>Scores per label</source>
        <translation>各标签得分</translation>
    </message>
    <message>
        <source>Most confused pairs of labels</source>
        <translation>最易混淆的标签对</translation>
    </message>
    <message>
        <source>This model writes answers; it has no labels to count.</source>
        <translation>这个模型用来生成回答，没有可统计的标签。</translation>
    </message>
    <message>
        <source>On its dev part it reached %1 nats per token (perplexity %2).</source>
        <translation>它在开发集上达到每词元 %1 奈特（困惑度 %2）。</translation>
    </message>
    <message>
        <source>Ask it something on the Chat page.</source>
        <translation>请到“对话”页向它提问。</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>Its dev part</source>
        <translation>它的开发集</translation>
    </message>
    <message>
        <source>Test split</source>
        <translation>测试集</translation>
    </message>
    <message>
        <source>All labelled texts</source>
        <translation>全部已标注文本</translation>
    </message>
    <message>
        <source>This project has no model yet.</source>
        <translation>这个项目还没有模型。</translation>
    </message>
    <message>
        <source>No project is open.</source>
        <translation>没有打开的项目。</translation>
    </message>
    <message>
        <source>It cannot be loaded: %1</source>
        <translation>无法加载：%1</translation>
    </message>
    <message>
        <source>There is no labelled text to judge it with.</source>
        <translation>没有可用于评估的已标注文本。</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Waiting for the run that is going on…</source>
        <translation>正在等待当前的训练…</translation>
    </message>
    <message>
        <source>Loading the model…</source>
        <translation>正在加载模型…</translation>
    </message>
    <message>
        <source>%1 of %2 texts</source>
        <translation>%1 / %2 条</translation>
    </message>
    <message>
        <source>Nothing to judge yet</source>
        <translation>还没有可评估的内容</translation>
    </message>
    <message>
        <source>Train a model first. Its mistakes are shown here, text by text.</source>
        <translation>请先训练一个模型。它的错误会在这里逐条列出。</translation>
    </message>
    <message>
        <source>Go to Train</source>
        <translation>前往“训练”</translation>
    </message>
    <message>
        <source>How good is it?</source>
        <translation>它有多好？</translation>
    </message>
    <message>
        <source>Choose a model and the texts to judge it with. You see what it takes for what, and why.</source>
        <translation>选择模型和用来评估的文本，就能看到它把什么认成了什么。</translation>
    </message>
    <message>
        <source>%1 to %2 with 95 % confidence</source>
        <translation>95% 置信区间：%1 至 %2</translation>
    </message>
    <message>
        <source>%1 right</source>
        <translation>%1 条判对</translation>
    </message>
    <message>
        <source>%1 on %2, in %3</source>
        <translation>%1，数据：%2，用时 %3</translation>
    </message>
    <message numerus="yes">
        <source>%n text(s) were longer than the model reads and were cut.</source>
        <translation>
            <numerusform>有 %n 条文本超过模型能读的长度，已截断。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n label(s) are unknown to this model; their texts count as wrong.</source>
        <translation>
            <numerusform>有 %n 个标签是这个模型不认识的，相应文本计为错误。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n label(s) corrected since.</source>
        <translation>
            <numerusform>此后已更正 %n 个标签。</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: not recognised</source>
        <translation>%1：未认出</translation>
    </message>
    <message>
        <source>%1: recognised</source>
        <translation>%1：判对</translation>
    </message>
    <message>
        <source>%1 → %2</source>
        <translation>%1 → %2</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>保存报告</translation>
    </message>
    <message>
        <source>Report (*.json);;Table (*.csv)</source>
        <translation>报告 (*.json);;表格 (*.csv)</translation>
    </message>
    <message>
        <source>Saved %1.</source>
        <translation>已保存 %1。</translation>
    </message>
    <message>
        <source>Compare with</source>
        <translation>比较对象</translation>
    </message>
    <message>
        <source>Matrix</source>
        <translation>混淆矩阵</translation>
    </message>
    <message>
        <source>Confused</source>
        <translation>易混淆</translation>
    </message>
    <message>
        <source>No other model</source>
        <translation>不比较</translation>
    </message>
</context>
<context>
    <name>lathe::pages::FeedbackRow</name>
    <message>
        <source>Good: keep it in the corpus</source>
        <translation>答得好：收入语料</translation>
    </message>
    <message>
        <source>Wrong: say what is right</source>
        <translation>答错了：说明正确的</translation>
    </message>
    <message>
        <source>The right label</source>
        <translation>正确的标签</translation>
    </message>
    <message>
        <source>A better answer</source>
        <translation>更好的回答</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>收下</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Which label is right? The text goes into the corpus with it.</source>
        <translation>哪个标签才对？文本会连同它一起收入语料。</translation>
    </message>
    <message>
        <source>What should the answer have been? Both are kept: to learn the better one, and to learn which is better.</source>
        <translation>应该怎样回答？两者都会保留：用来学习更好的回答，也用来学习哪个更好。</translation>
    </message>
</context>
<context>
    <name>lathe::pages::FilterBar</name>
    <message>
        <source>Search the texts</source>
        <translation>搜索文本</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Without a label</source>
        <translation>未标注</translation>
    </message>
    <message>
        <source>Labelled</source>
        <translation>已标注</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>Flagged</source>
        <translation>存疑</translation>
    </message>
    <message>
        <source>Show everything again</source>
        <translation>重新显示全部</translation>
    </message>
    <message>
        <source>Read the words as a regular expression, e.g. \d{4} for four digits</source>
        <translation>按正则表达式查找，例如 \d{4} 表示四位数字</translation>
    </message>
    <message>
        <source>Regular expression</source>
        <translation>正则表达式</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Labels, split, source, dates, length, marks, order</source>
        <translation>标签、划分、来源、日期、长度、标记、顺序</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>已保存</translation>
    </message>
    <message>
        <source>Filters kept in this project under a name</source>
        <translation>项目中命名保存的筛选</translation>
    </message>
</context>
<context>
    <name>lathe::pages::FilterChips</name>
    <message>
        <source>Filters in use</source>
        <translation>正在使用的筛选</translation>
    </message>
    <message>
        <source>Take away: %1</source>
        <translation>去掉：%1</translation>
    </message>
    <message>
        <source>Click to take this filter away</source>
        <translation>点击去掉这个筛选</translation>
    </message>
</context>
<context>
    <name>lathe::pages::FilterMenu</name>
    <message>
        <source>With the label</source>
        <translation>带标签</translation>
    </message>
    <message>
        <source>Without the label</source>
        <translation>不带标签</translation>
    </message>
    <message>
        <source>Labelled</source>
        <translation>标注时间</translation>
    </message>
    <message>
        <source>Imported</source>
        <translation>导入时间</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>划分</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>In the last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>In the last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
    <message>
        <source>Annotator</source>
        <translation>标注者</translation>
    </message>
    <message>
        <source>Name, then Enter</source>
        <translation>输入名字后按回车</translation>
    </message>
    <message>
        <source>Annotator&apos;s name</source>
        <translation>标注者姓名</translation>
    </message>
    <message>
        <source>Labelled by: %1</source>
        <translation>标注来自：%1</translation>
    </message>
    <message>
        <source>Annotators disagree</source>
        <translation>标注者意见不一</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>长度</translation>
    </message>
    <message>
        <source>Characters at least</source>
        <translation>最少字符数</translation>
    </message>
    <message>
        <source>Characters at most</source>
        <translation>最多字符数</translation>
    </message>
    <message>
        <source>to</source>
        <translation>至</translation>
    </message>
    <message>
        <source>characters</source>
        <translation>字符</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Marks and answers</source>
        <translation>标记和回答</translation>
    </message>
    <message>
        <source>Flagged</source>
        <translation>存疑</translation>
    </message>
    <message>
        <source>Not flagged</source>
        <translation>未存疑</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>Not skipped</source>
        <translation>未跳过</translation>
    </message>
    <message>
        <source>With a comment</source>
        <translation>有备注</translation>
    </message>
    <message>
        <source>Without a comment</source>
        <translation>无备注</translation>
    </message>
    <message>
        <source>With an answer</source>
        <translation>有回答</translation>
    </message>
    <message>
        <source>Without an answer</source>
        <translation>无回答</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>顺序</translation>
    </message>
    <message>
        <source>As imported</source>
        <translation>按导入顺序</translation>
    </message>
    <message>
        <source>Newest label first</source>
        <translation>最新标注在前</translation>
    </message>
    <message>
        <source>Shuffled</source>
        <translation>随机</translation>
    </message>
</context>
<context>
    <name>lathe::pages::FilterWords</name>
    <message>
        <source>since %1</source>
        <translation>%1 起</translation>
    </message>
    <message>
        <source>until %1</source>
        <translation>至 %1</translation>
    </message>
    <message>
        <source>at least %1 characters</source>
        <translation>至少 %1 个字符</translation>
    </message>
    <message>
        <source>at most %1 characters</source>
        <translation>至多 %1 个字符</translation>
    </message>
    <message>
        <source>%1 to %2 characters</source>
        <translation>%1 至 %2 个字符</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Dev</source>
        <translation>开发</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>No split</source>
        <translation>未划分</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人工</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>A model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>An import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Label: %1</source>
        <translation>标签：%1</translation>
    </message>
    <message>
        <source>Not: %1</source>
        <translation>排除：%1</translation>
    </message>
    <message>
        <source>Split: %1</source>
        <translation>划分：%1</translation>
    </message>
    <message>
        <source>Source: %1</source>
        <translation>来源：%1</translation>
    </message>
    <message>
        <source>Annotator: %1</source>
        <translation>标注者：%1</translation>
    </message>
    <message>
        <source>Labelled by: %1</source>
        <translation>标注来自：%1</translation>
    </message>
    <message>
        <source>Labelled: %1</source>
        <translation>标注时间：%1</translation>
    </message>
    <message>
        <source>Imported: %1</source>
        <translation>导入时间：%1</translation>
    </message>
    <message>
        <source>Flagged</source>
        <translation>存疑</translation>
    </message>
    <message>
        <source>Not flagged</source>
        <translation>未存疑</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>Not skipped</source>
        <translation>未跳过</translation>
    </message>
    <message>
        <source>With a comment</source>
        <translation>有备注</translation>
    </message>
    <message>
        <source>Without a comment</source>
        <translation>无备注</translation>
    </message>
    <message>
        <source>Comment: %1</source>
        <translation>备注：%1</translation>
    </message>
    <message>
        <source>Pattern: %1</source>
        <translation>模式：%1</translation>
    </message>
    <message>
        <source>With an answer</source>
        <translation>有回答</translation>
    </message>
    <message>
        <source>Without an answer</source>
        <translation>无回答</translation>
    </message>
    <message>
        <source>Annotators disagree</source>
        <translation>标注者意见不一</translation>
    </message>
</context>
<context>
    <name>lathe::pages::FlagsPane</name>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>No text is flagged</source>
        <translation>没有存疑的文本</translation>
    </message>
    <message>
        <source>Press F on the Label page to flag a text that you want to come back to, and C to say why.</source>
        <translation>在“标注”页按 F 把以后要再看的文本标为存疑，按 C 写下原因。</translation>
    </message>
    <message>
        <source>Label texts</source>
        <translation>去标注</translation>
    </message>
    <message>
        <source>Flagged texts</source>
        <translation>存疑的文本</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Show the text on the Label page</source>
        <translation>在“标注”页显示这条文本</translation>
    </message>
    <message>
        <source>Take the flag away</source>
        <translation>取消存疑</translation>
    </message>
    <message>
        <source>This text is settled</source>
        <translation>这条文本已处理好</translation>
    </message>
</context>
<context>
    <name>lathe::pages::GuidelineCard</name>
    <message>
        <source>Guideline</source>
        <translation>标注说明</translation>
    </message>
    <message>
        <source>Edit the guideline</source>
        <translation>编辑标注说明</translation>
    </message>
    <message>
        <source>How should the labels be chosen? Write it down here, for everyone who labels.</source>
        <translation>标签该怎么选？写在这里，让每位标注的人都能看到。</translation>
    </message>
    <message>
        <source>Guideline as Markdown</source>
        <translation>Markdown 格式的标注说明</translation>
    </message>
    <message>
        <source>Markdown: # heading, - list, **bold**</source>
        <translation>Markdown：# 标题，- 列表，**粗体**</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>The project is open for reading only.</source>
        <translation>项目以只读方式打开。</translation>
    </message>
</context>
<context>
    <name>lathe::pages::HistoryCard</name>
    <message>
        <source>Label taken away</source>
        <translation>已去掉标签</translation>
    </message>
    <message>
        <source>a removed label</source>
        <translation>已删除的标签</translation>
    </message>
    <message>
        <source>Labelled “%1”</source>
        <translation>标为“%1”</translation>
    </message>
    <message>
        <source>Answer written</source>
        <translation>写了回答</translation>
    </message>
    <message>
        <source>No longer skipped</source>
        <translation>取消跳过</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>Flag taken away</source>
        <translation>取消存疑</translation>
    </message>
    <message>
        <source>Flagged</source>
        <translation>存疑</translation>
    </message>
    <message>
        <source>Comment taken away</source>
        <translation>删除备注</translation>
    </message>
    <message>
        <source>Comment: %1</source>
        <translation>备注：%1</translation>
    </message>
    <message>
        <source>Undo or redo: %1</source>
        <translation>撤销或重做：%1</translation>
    </message>
    <message>
        <source>This text</source>
        <translation>这条文本</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Comment. Enter saves it.</source>
        <translation>写备注，回车保存。</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>Nothing was done to this text yet.</source>
        <translation>这条文本还没有任何操作。</translation>
    </message>
    <message>
        <source>Text changed: %1</source>
        <translation>文本改为：%1</translation>
    </message>
    <message>
        <source>None of the labels</source>
        <translation>没有任何标签</translation>
    </message>
    <message>
        <source>Labels: %1</source>
        <translation>标签：%1</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>Rated %1</source>
        <translation>评分 %1</translation>
    </message>
    <message>
        <source>No part of the text has a label</source>
        <translation>文本中没有带标签的片段</translation>
    </message>
    <message numerus="yes">
        <source>%Ln part(s) labelled</source>
        <translation>
            <numerusform>标注了 %Ln 个片段</numerusform>
        </translation>
    </message>
    <message>
        <source>Came with it: %1</source>
        <translation>导入时自带：%1</translation>
    </message>
    <message>
        <source>By a model: %1</source>
        <translation>由模型给出：%1</translation>
    </message>
    <message>
        <source>By a rule: %1</source>
        <translation>由规则给出：%1</translation>
    </message>
    <message>
        <source>None of the answers is better</source>
        <translation>回答不分上下</translation>
    </message>
    <message>
        <source>Answer %1 is better</source>
        <translation>回答 %1 更好</translation>
    </message>
    <message>
        <source>No turn has a label</source>
        <translation>没有带标签的对话轮次</translation>
    </message>
    <message numerus="yes">
        <source>%Ln label(s) on turns</source>
        <translation>
            <numerusform>对话轮次上有 %Ln 个标签</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::pages::ItemsModel</name>
    <message>
        <source>%1. Labelled %2, predicted %3, %4</source>
        <translation>%1。标为%2，预测为%3，%4</translation>
    </message>
</context>
<context>
    <name>lathe::pages::ItemsPane</name>
    <message>
        <source>corrected to %1</source>
        <translation>已更正为%1</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Texts behind the chosen cell</source>
        <translation>所选单元格里的文本</translation>
    </message>
    <message>
        <source>Label of this text</source>
        <translation>这条文本的标签</translation>
    </message>
    <message>
        <source>Open in Label</source>
        <translation>到“标注”页打开</translation>
    </message>
    <message>
        <source>1 text</source>
        <translation>1 条文本</translation>
    </message>
    <message>
        <source>%1 texts</source>
        <translation>%1 条文本</translation>
    </message>
    <message>
        <source>No text of this evaluation falls into this cell.</source>
        <translation>这次评估中没有文本落在这个单元格。</translation>
    </message>
    <message>
        <source>Choose a cell or a row: its texts appear here. Wrong labels can be corrected in place.</source>
        <translation>选择一个单元格或一行，对应的文本会显示在这里。标错的可以当场更正。</translation>
    </message>
    <message>
        <source>Taken for %1, %2</source>
        <translation>被认作 %1，%2</translation>
    </message>
    <message>
        <source>Why?</source>
        <translation>为什么？</translation>
    </message>
    <message>
        <source>Shade the words that spoke for this answer, and those that spoke against it</source>
        <translation>给支持和反对这个回答的词加上底色</translation>
    </message>
    <message>
        <source>Taken for %1: shaded words spoke for it, crossed out ones against it</source>
        <translation>判为 %1：加底色的词支持，划掉的词反对</translation>
    </message>
</context>
<context>
    <name>lathe::pages::KindBar</name>
    <message>
        <source>%1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>%1 to %2 by %3</source>
        <translation>%1 至 %2，步长 %3</translation>
    </message>
    <message>
        <source>What a text gets</source>
        <translation>文本标注什么</translation>
    </message>
    <message>
        <source>One label</source>
        <translation>一个标签</translation>
    </message>
    <message>
        <source>Several labels</source>
        <translation>多个标签</translation>
    </message>
    <message>
        <source>Rating</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>Parts of the text</source>
        <translation>文本片段</translation>
    </message>
    <message>
        <source>Scale of the rating</source>
        <translation>评分范围</translation>
    </message>
    <message>
        <source>Where a part begins and ends</source>
        <translation>片段的起止</translation>
    </message>
    <message>
        <source>Whole words</source>
        <translation>按词</translation>
    </message>
    <message>
        <source>Characters</source>
        <translation>按字</translation>
    </message>
    <message>
        <source>Overlap</source>
        <translation>可重叠</translation>
    </message>
    <message>
        <source>Parts may overlap</source>
        <translation>片段可以重叠</translation>
    </message>
    <message>
        <source>Parts may overlap. Off: a new part takes the place of what it touches.</source>
        <translation>片段可以重叠。关闭时：新片段取代它碰到的片段。</translation>
    </message>
    <message>
        <source>Another scale…</source>
        <translation>其他范围…</translation>
    </message>
    <message>
        <source>Better answer</source>
        <translation>更好的回答</translation>
    </message>
    <message>
        <source>Written answer</source>
        <translation>书面回答</translation>
    </message>
    <message>
        <source>Turns of a talk</source>
        <translation>对话轮次</translation>
    </message>
</context>
<context>
    <name>lathe::pages::LabelActions</name>
    <message>
        <source>Take the suggestion</source>
        <translation>采用建议</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>Flag</source>
        <translation>存疑</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Remove the label</source>
        <translation>删除标签</translation>
    </message>
    <message>
        <source>Previous text</source>
        <translation>上一条</translation>
    </message>
    <message>
        <source>Next text</source>
        <translation>下一条</translation>
    </message>
    <message>
        <source>Find a label</source>
        <translation>查找标签</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Done, next text</source>
        <translation>完成，下一条</translation>
    </message>
    <message>
        <source>Change the text</source>
        <translation>修改文本</translation>
    </message>
</context>
<context>
    <name>lathe::pages::LabelButton</name>
    <message numerus="yes">
        <source>%n text(s)</source>
        <translation>
            <numerusform>%n 条文本</numerusform>
        </translation>
    </message>
    <message>
        <source>suggested with %1 %</source>
        <translation>建议，把握 %1%</translation>
    </message>
    <message>
        <source>this text&apos;s label</source>
        <translation>这条文本的标签</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>on</source>
        <translation>已选</translation>
    </message>
</context>
<context>
    <name>lathe::pages::LabelGrid</name>
    <message>
        <source>Labels</source>
        <translation>标签</translation>
    </message>
</context>
<context>
    <name>lathe::pages::LabelPage</name>
    <message>
        <source>Undone: %1</source>
        <translation>已撤销：%1</translation>
    </message>
    <message>
        <source>Done again: %1</source>
        <translation>已重做：%1</translation>
    </message>
    <message>
        <source>Labelled “%1”</source>
        <translation>标为“%1”</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>No longer skipped</source>
        <translation>取消跳过</translation>
    </message>
    <message>
        <source>Flagged</source>
        <translation>存疑</translation>
    </message>
    <message>
        <source>Flag taken away</source>
        <translation>取消存疑</translation>
    </message>
    <message>
        <source>Label taken away</source>
        <translation>已去掉标签</translation>
    </message>
    <message>
        <source>That was the last text of this list.</source>
        <translation>这是列表里的最后一条。</translation>
    </message>
    <message>
        <source>Label texts, one key each</source>
        <translation>一键标注一条文本</translation>
    </message>
    <message>
        <source>Open or make a project first: its texts are what is labelled here.</source>
        <translation>请先打开或新建一个项目，这里标注的是项目里的文本。</translation>
    </message>
    <message>
        <source>No texts yet</source>
        <translation>还没有文本</translation>
    </message>
    <message>
        <source>Import a table or a text file; every row becomes a text to label.</source>
        <translation>导入表格或文本文件，每一行就是一条待标注的文本。</translation>
    </message>
    <message>
        <source>Go to Corpus</source>
        <translation>前往“语料”</translation>
    </message>
    <message>
        <source>What are the labels?</source>
        <translation>有哪些标签？</translation>
    </message>
    <message>
        <source>Give each kind of text a name and a key. You can rename and add labels at any time.</source>
        <translation>给每一类文本起个名称、定个按键。之后随时可以改名或添加。</translation>
    </message>
    <message>
        <source>Make labels</source>
        <translation>创建标签</translation>
    </message>
    <message>
        <source>The project is open for reading only, so labels cannot be given. Close it in the other window, then open it here again.</source>
        <translation>项目以只读方式打开，不能标注。请在另一个窗口关闭它，再在这里重新打开。</translation>
    </message>
    <message>
        <source>No text fits</source>
        <translation>没有符合的文本</translation>
    </message>
    <message>
        <source>Nothing in this project fits the search and the filter at the left.</source>
        <translation>这个项目里没有符合左侧搜索和筛选条件的文本。</translation>
    </message>
    <message>
        <source>Show all texts</source>
        <translation>显示全部文本</translation>
    </message>
    <message>
        <source>Only the skipped ones are left</source>
        <translation>只剩下跳过的了</translation>
    </message>
    <message numerus="yes">
        <source>%Ln text(s) were skipped and have no label.</source>
        <translation>
            <numerusform>有 %Ln 条文本被跳过，还没有标签。</numerusform>
        </translation>
    </message>
    <message>
        <source>Look at the skipped</source>
        <translation>查看跳过的</translation>
    </message>
    <message>
        <source>All %1 labelled</source>
        <translation>%1 条全部标注完成</translation>
    </message>
    <message>
        <source>Every text has its label. Next: train a model on them.</source>
        <translation>每条文本都有标签了。下一步：用它们训练模型。</translation>
    </message>
    <message>
        <source>Next: Train</source>
        <translation>下一步：训练</translation>
    </message>
    <message>
        <source>Undo: %1</source>
        <translation>撤销：%1</translation>
    </message>
    <message>
        <source>Redo: %1</source>
        <translation>重做：%1</translation>
    </message>
    <message>
        <source>line %L1</source>
        <translation>第 %L1 行</translation>
    </message>
    <message>
        <source>See what the texts are labelled with</source>
        <translation>看看文本标注了什么</translation>
    </message>
    <message>
        <source>“%1” on</source>
        <translation>已选“%1”</translation>
    </message>
    <message>
        <source>“%1” off</source>
        <translation>已取消“%1”</translation>
    </message>
    <message>
        <source>None of the labels</source>
        <translation>没有任何标签</translation>
    </message>
    <message>
        <source>Labels: %1</source>
        <translation>标签：%1</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>Rated %1</source>
        <translation>评分 %1</translation>
    </message>
    <message>
        <source>The labels are as they were.</source>
        <translation>标签没有变化。</translation>
    </message>
    <message>
        <source>Labels taken away</source>
        <translation>已取消标签</translation>
    </message>
    <message>
        <source>Rating taken away</source>
        <translation>已取消评分</translation>
    </message>
    <message>
        <source>Open again</source>
        <translation>重新打开</translation>
    </message>
    <message>
        <source>This text is open again.</source>
        <translation>这条文本重新待标注。</translation>
    </message>
    <message>
        <source>No part of the text has a label</source>
        <translation>文本中没有带标签的片段</translation>
    </message>
    <message numerus="yes">
        <source>%Ln part(s) labelled</source>
        <translation>
            <numerusform>标注了 %Ln 个片段</numerusform>
        </translation>
    </message>
    <message>
        <source>Choice taken away</source>
        <translation>已取消选择</translation>
    </message>
    <message>
        <source>Answer taken away</source>
        <translation>已取消回答</translation>
    </message>
    <message>
        <source>Labels of turns taken away</source>
        <translation>已取消各轮次的标签</translation>
    </message>
    <message>
        <source>None is better</source>
        <translation>不分上下</translation>
    </message>
    <message>
        <source>Answer %1 is better</source>
        <translation>回答 %1 更好</translation>
    </message>
    <message>
        <source>Answer written</source>
        <translation>已写回答</translation>
    </message>
    <message>
        <source>Turn %1: “%2” off</source>
        <translation>第 %1 轮：已取消“%2”</translation>
    </message>
    <message>
        <source>Turn %1: “%2”</source>
        <translation>第 %1 轮：“%2”</translation>
    </message>
    <message>
        <source>No turn has a label</source>
        <translation>没有带标签的对话轮次</translation>
    </message>
    <message>
        <source>The turns are labelled</source>
        <translation>各轮次已标注</translation>
    </message>
    <message>
        <source>Text changed</source>
        <translation>文本已修改</translation>
    </message>
    <message numerus="yes">
        <source>Text changed; %Ln labelled part(s) are gone with it</source>
        <translation>
            <numerusform>文本已修改，%Ln 个片段随之消失</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::pages::LabelScoresModel</name>
    <message>
        <source>Label</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精确率</translation>
    </message>
    <message>
        <source>Recall</source>
        <translation>召回率</translation>
    </message>
    <message>
        <source>F1</source>
        <translation>F1</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>文本数</translation>
    </message>
    <message>
        <source>Predicted</source>
        <translation>预测数</translation>
    </message>
    <message>
        <source>Of the texts that were taken for this label, the share that have it</source>
        <translation>被判为这个标签的文本中，判对的比例</translation>
    </message>
    <message>
        <source>Of the texts that have this label, the share that were recognised</source>
        <translation>带这个标签的文本中，被认出的比例</translation>
    </message>
    <message>
        <source>Harmonic mean of precision and recall</source>
        <translation>精确率与召回率的调和平均</translation>
    </message>
    <message>
        <source>Texts that have this label</source>
        <translation>带这个标签的文本</translation>
    </message>
    <message>
        <source>Texts that were taken for this label</source>
        <translation>被判为这个标签的文本</translation>
    </message>
</context>
<context>
    <name>lathe::pages::LengthHistogram</name>
    <message>
        <source>Lengths of the texts</source>
        <translation>文本长度</translation>
    </message>
    <message>
        <source>Median %L1 characters, longest %L2</source>
        <translation>中位数 %L1 个字符，最长 %L2</translation>
    </message>
    <message>
        <source>median %1</source>
        <translation>中位数 %1</translation>
    </message>
    <message>
        <source>characters</source>
        <translation>字符数</translation>
    </message>
    <message>
        <source>%L1 characters and more</source>
        <translation>%L1 个字符及以上</translation>
    </message>
    <message>
        <source>%L1 to %L2 characters</source>
        <translation>%L1 至 %L2 个字符</translation>
    </message>
    <message numerus="yes">
        <source>%Ln text(s)</source>
        <translation>
            <numerusform>%Ln 条文本</numerusform>
        </translation>
    </message>
    <message>
        <source>Median %L1 tokens, longest %L2</source>
        <translation>中位数 %L1 个词元，最长 %L2 个</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>%L1 tokens and more</source>
        <translation>%L1 个词元以上</translation>
    </message>
    <message>
        <source>%L1 to %L2 tokens</source>
        <translation>%L1 至 %L2 个词元</translation>
    </message>
</context>
<context>
    <name>lathe::pages::MoreLabelsPane</name>
    <message>
        <source>Yes, more labels would help</source>
        <translation>是的，更多标签会有帮助</translation>
    </message>
    <message>
        <source>No, more labels alone would change little</source>
        <translation>不，只增加标签作用不大</translation>
    </message>
    <message>
        <source>Perhaps: the difference is within what chance does</source>
        <translation>也许：差别在偶然范围之内</translation>
    </message>
    <message>
        <source>There are too few labels to tell</source>
        <translation>标签太少，无法判断</translation>
    </message>
    <message>
        <source>%1 labels</source>
        <translation>%1 个标签</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>95 % from</source>
        <translation>95 % 下限</translation>
    </message>
    <message>
        <source>95 % to</source>
        <translation>95 % 上限</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Measure with the labels that there are now</source>
        <translation>用现有的标签测量</translation>
    </message>
    <message>
        <source>Accuracy with a part of the labels</source>
        <translation>用部分标签时的准确率</translation>
    </message>
    <message>
        <source>Measuring with parts of the labels</source>
        <translation>正在用部分标签测量</translation>
    </message>
    <message>
        <source>Label at least %1 texts, with two different labels.</source>
        <translation>至少标注 %1 条文本，且有两种不同的标签。</translation>
    </message>
    <message>
        <source>Going from %L1 to %L2 labels changed the accuracy by %3 points (95 %: %4 to %5).</source>
        <translation>标签从 %L1 个增加到 %L2 个，准确率变化 %3 个百分点（95 %：%4 至 %5）。</translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation>正在测量</translation>
    </message>
    <message>
        <source>A model learns from a quarter, a half, three quarters and all of the labels.</source>
        <translation>模型分别用四分之一、二分之一、四分之三和全部标签学习。</translation>
    </message>
    <message>
        <source>Would more labels help?</source>
        <translation>更多标签有帮助吗？</translation>
    </message>
    <message>
        <source>A model learns from a quarter, a half, three quarters and all of the labels that there are. How its accuracy rises says what more of them would bring.</source>
        <translation>模型分别用现有标签的四分之一、二分之一、四分之三和全部来学习。准确率如何上升，就说明更多标签能带来什么。</translation>
    </message>
    <message>
        <source>Too few labels yet</source>
        <translation>标签还太少</translation>
    </message>
    <message>
        <source>It can be told once %1 texts are labelled.</source>
        <translation>标注 %1 条文本后才能判断。</translation>
    </message>
    <message>
        <source>Label texts</source>
        <translation>去标注</translation>
    </message>
</context>
<context>
    <name>lathe::pages::PreferencePane</name>
    <message>
        <source>What the answers are to</source>
        <translation>回答针对的内容</translation>
    </message>
    <message>
        <source>This text has no answers to compare. Import them with the columns of the answers, or choose at the left what a text gets.</source>
        <translation>这条文本没有可比较的回答。导入时选定回答所在的列，或在左侧选择文本标注什么。</translation>
    </message>
    <message>
        <source>Answer %1</source>
        <translation>回答 %1</translation>
    </message>
</context>
<context>
    <name>lathe::pages::PreferenceRow</name>
    <message>
        <source>Which answer is better</source>
        <translation>哪个回答更好</translation>
    </message>
    <message>
        <source>None is better</source>
        <translation>不分上下</translation>
    </message>
    <message>
        <source>Answer %1</source>
        <translation>回答 %1</translation>
    </message>
</context>
<context>
    <name>lathe::pages::ProgressStrip</name>
    <message>
        <source>Share of labelled texts</source>
        <translation>已标注的比例</translation>
    </message>
    <message>
        <source>%1 of %2 labelled</source>
        <translation>已标注 %1 / %2</translation>
    </message>
    <message numerus="yes">
        <source>%Ln today</source>
        <comment>labels given today</comment>
        <translation>
            <numerusform>今天 %Ln 条</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln skipped</source>
        <translation>
            <numerusform>跳过 %Ln 条</numerusform>
        </translation>
    </message>
    <message>
        <source>Kept with every label. Your name is in the settings (Ctrl+,).</source>
        <translation>随每个标签一起保存。姓名在设置里修改（Ctrl+,）。</translation>
    </message>
    <message>
        <source>as %1</source>
        <comment>labels are given in this name</comment>
        <translation>以 %1 的名义</translation>
    </message>
</context>
<context>
    <name>lathe::pages::QueuePane</name>
    <message>
        <source>Search the texts</source>
        <translation>搜索文本</translation>
    </message>
    <message>
        <source>Which texts</source>
        <translation>哪些文本</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>顺序</translation>
    </message>
    <message>
        <source>In order</source>
        <translation>按顺序</translation>
    </message>
    <message>
        <source>Shuffled</source>
        <translation>随机</translation>
    </message>
    <message>
        <source>Short first</source>
        <translation>短的在前</translation>
    </message>
    <message>
        <source>Long first</source>
        <translation>长的在前</translation>
    </message>
    <message>
        <source>Labelled last</source>
        <translation>已标注的在后</translation>
    </message>
    <message>
        <source>Texts in the queue</source>
        <translation>队列中的文本</translation>
    </message>
    <message>
        <source>No label</source>
        <translation>无标签</translation>
    </message>
    <message>
        <source>All texts</source>
        <translation>全部文本</translation>
    </message>
    <message>
        <source>Labelled</source>
        <translation>已标注</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>Flagged</source>
        <translation>存疑</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>正在搜索…</translation>
    </message>
    <message numerus="yes">
        <source>%Ln text(s)</source>
        <translation>
            <numerusform>%Ln 条文本</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::pages::RankingView</name>
    <message>
        <source>Label</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Label to tell from the rest</source>
        <translation>要与其余区分的标签</translation>
    </message>
    <message>
        <source>ROC</source>
        <translation>ROC 曲线</translation>
    </message>
    <message>
        <source>Wrongly taken for it, of all others</source>
        <translation>其余文本中被误判的比例</translation>
    </message>
    <message>
        <source>Found, of all that have it</source>
        <translation>该标签文本中找到的比例</translation>
    </message>
    <message>
        <source>Precision and recall</source>
        <translation>精确率与召回率</translation>
    </message>
    <message>
        <source>Recall</source>
        <translation>召回率</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精确率</translation>
    </message>
    <message>
        <source>The probabilities of so many texts were not kept; evaluate a smaller part.</source>
        <translation>文本太多，概率没有保留；请评估较小的一部分。</translation>
    </message>
    <message>
        <source>These texts do not tell: some must have this label, and some must not.</source>
        <translation>这些文本看不出来：既要有带这个标签的，也要有不带的。</translation>
    </message>
    <message>
        <source>Area under ROC %1 · average precision %2 · best F1 %3 at a probability of %4</source>
        <translation>ROC 曲线下面积 %1 · 平均精确率 %2 · 最佳 F1 %3，此时概率为 %4</translation>
    </message>
</context>
<context>
    <name>lathe::pages::RatingRow</name>
    <message>
        <source>Rating</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>Rating %1</source>
        <translation>评分 %1</translation>
    </message>
</context>
<context>
    <name>lathe::pages::ReviewPage</name>
    <message>
        <source>Nothing to review yet</source>
        <translation>还没有可复查的内容</translation>
    </message>
    <message>
        <source>Once texts are in the project, this page tells how good their labels are and what wants a second look.</source>
        <translation>项目里有了文本之后，这里会说明标签的质量，以及哪些需要再看一遍。</translation>
    </message>
    <message>
        <source>Import texts…</source>
        <translation>导入文本…</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>复查</translation>
    </message>
    <message>
        <source>What to review</source>
        <translation>复查内容</translation>
    </message>
    <message>
        <source>Next tab</source>
        <translation>下一个标签页</translation>
    </message>
    <message>
        <source>Previous tab</source>
        <translation>上一个标签页</translation>
    </message>
</context>
<context>
    <name>lathe::pages::RuleEditor</name>
    <message>
        <source>Keywords</source>
        <translation>关键词</translation>
    </message>
    <message>
        <source>Regular expression</source>
        <translation>正则表达式</translation>
    </message>
    <message>
        <source>List of terms</source>
        <translation>词表</translation>
    </message>
    <message>
        <source>All words of a line must be in the text, in any order, and none with a minus before it. One line is enough.</source>
        <translation>一行中的词必须都出现在文本里，顺序不限，带减号的词不能出现。满足一行即可。</translation>
    </message>
    <message>
        <source>A regular expression a line. One that is found is enough.</source>
        <translation>每行一个正则表达式，找到一个即可。</translation>
    </message>
    <message>
        <source>A term a line, found as it stands there, as whole words.</source>
        <translation>每行一个词条，按原样整词查找。</translation>
    </message>
    <message>
        <source>Upper and lower case differ</source>
        <translation>区分大小写</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>启用</translation>
    </message>
    <message>
        <source>Texts that it finds</source>
        <translation>找到的文本</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Gives the label</source>
        <translation>给出标签</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Looks for</source>
        <translation>查找</translation>
    </message>
    <message numerus="yes">
        <source>Finds %Ln text(s)</source>
        <translation>
            <numerusform>找到 %Ln 条文本</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::pages::RulesModel</name>
    <message numerus="yes">
        <source>It took too long on %Ln text(s) and said nothing there</source>
        <translation>
            <numerusform>在 %Ln 条文本上耗时过长，未给出结果</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of %L2</source>
        <translation>%1 / %L2</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Texts on which it speaks</source>
        <translation>它给出结果的文本</translation>
    </message>
    <message>
        <source>Covers</source>
        <translation>覆盖</translation>
    </message>
    <message>
        <source>Texts on which another rule gives another label</source>
        <translation>别的规则给出不同标签的文本</translation>
    </message>
    <message>
        <source>Conflicts</source>
        <translation>冲突</translation>
    </message>
    <message>
        <source>How often people&apos;s labels agree with it</source>
        <translation>人工标签与它一致的比例</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>正确</translation>
    </message>
    <message>
        <source>How often it is right, as all rules and labels together let expect</source>
        <translation>综合全部规则和标签估计的正确率</translation>
    </message>
    <message>
        <source>Estimate</source>
        <translation>估计</translation>
    </message>
</context>
<context>
    <name>lathe::pages::RulesPane</name>
    <message>
        <source>Rules</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>New rule</source>
        <translation>新规则</translation>
    </message>
    <message>
        <source>Write a rule</source>
        <translation>写一条规则</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Remove the rule; labels that it gave stay</source>
        <translation>删除规则，它给出的标签保留</translation>
    </message>
    <message>
        <source>From a file</source>
        <translation>从文件</translation>
    </message>
    <message>
        <source>To a file</source>
        <translation>到文件</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>Sure to at least</source>
        <translation>把握至少</translation>
    </message>
    <message>
        <source>Label the open texts</source>
        <translation>标注待标文本</translation>
    </message>
    <message>
        <source>Gives texts without a label what the rules say together, marked as the rules&apos;</source>
        <translation>把规则的综合结果给没有标签的文本，并注明来自规则</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>收回</translation>
    </message>
    <message>
        <source>Takes all labels of the rules away; labels that people gave stay</source>
        <translation>收回规则给出的全部标签，人工标签保留</translation>
    </message>
    <message>
        <source>Label by rules</source>
        <translation>用规则标注</translation>
    </message>
    <message>
        <source>A rule gives its label to the texts that hold certain words. Rules may be wrong at times: they are measured, and weighed against each other.</source>
        <translation>规则把标签给含有某些词的文本。规则有时会错：它们会被测量并相互权衡。</translation>
    </message>
    <message>
        <source>Rules give labels</source>
        <translation>规则给出标签</translation>
    </message>
    <message>
        <source>Make two labels at least; then rules can give them.</source>
        <translation>至少建立两个标签，规则才能给出标签。</translation>
    </message>
    <message>
        <source>Make labels</source>
        <translation>建立标签</translation>
    </message>
    <message>
        <source>Rule %1</source>
        <translation>规则 %1</translation>
    </message>
    <message>
        <source>Measuring the rules</source>
        <translation>正在测量规则</translation>
    </message>
    <message>
        <source>Together they speak on %L1 of %L2 texts.</source>
        <translation>它们合起来对 %L2 条文本中的 %L1 条给出结果。</translation>
    </message>
    <message>
        <source>Where people&apos;s labels are known (%L1), they are right %2 of the time (95 %: %3 to %4).</source>
        <translation>在有人工标签的 %L1 条上，正确率为 %2（95 %：%3 至 %4）。</translation>
    </message>
    <message>
        <source>Labelling by rules</source>
        <translation>正在用规则标注</translation>
    </message>
    <message numerus="yes">
        <source>%Ln text(s) have a label of the rules now</source>
        <translation>
            <numerusform>现有 %Ln 条文本带规则的标签</numerusform>
        </translation>
    </message>
    <message>
        <source>Taking labels of the rules back</source>
        <translation>正在收回规则的标签</translation>
    </message>
    <message numerus="yes">
        <source>%Ln label(s) of the rules were taken back</source>
        <translation>
            <numerusform>已收回规则的 %Ln 个标签</numerusform>
        </translation>
    </message>
    <message>
        <source>Rules from a file</source>
        <translation>从文件读取规则</translation>
    </message>
    <message>
        <source>Rules (*.json)</source>
        <translation>规则 (*.json)</translation>
    </message>
    <message>
        <source>Rules to a file</source>
        <translation>把规则存为文件</translation>
    </message>
</context>
<context>
    <name>lathe::pages::RunCurves</name>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Nats per text or token. Wheel: zoom, drag: move, double click: all, L: logarithmic.</source>
        <translation>单位：每条文本或每个词元的奈特数。滚轮缩放，拖动平移，双击显示全部，L 切换对数坐标。</translation>
    </message>
    <message>
        <source>Training loss</source>
        <translation>训练损失</translation>
    </message>
    <message>
        <source>Dev loss</source>
        <translation>开发集损失</translation>
    </message>
    <message>
        <source>Pre-training loss</source>
        <translation>预训练损失</translation>
    </message>
    <message>
        <source>Pre-training dev loss</source>
        <translation>预训练开发集损失</translation>
    </message>
    <message>
        <source>Dev accuracy</source>
        <translation>开发集准确率</translation>
    </message>
    <message>
        <source>Dev macro-F1</source>
        <translation>开发集宏平均 F1</translation>
    </message>
    <message>
        <source>Training accuracy</source>
        <translation>训练准确率</translation>
    </message>
    <message>
        <source>Pre-training accuracy</source>
        <translation>预训练准确率</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Dev accuracy (next token)</source>
        <translation>开发集准确率（下一词元）</translation>
    </message>
    <message>
        <source>Training accuracy (next token)</source>
        <translation>训练准确率（下一词元）</translation>
    </message>
    <message>
        <source>best, kept</source>
        <translation>最佳，已保留</translation>
    </message>
    <message>
        <source>Pre-training: the language first</source>
        <translation>预训练：先学语言</translation>
    </message>
</context>
<context>
    <name>lathe::pages::RunsModel</name>
    <message>
        <source>running, %1</source>
        <translation>进行中，%1</translation>
    </message>
    <message>
        <source>running</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>被中断</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>snapshot %1, %2 texts</source>
        <translation>快照 %1，%2 条</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Macro-F1</source>
        <translation>宏平均 F1</translation>
    </message>
    <message>
        <source>Dev loss</source>
        <translation>开发集损失</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>开始时间</translation>
    </message>
    <message>
        <source>Snapshot %1 of the data</source>
        <translation>数据快照 %1</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
</context>
<context>
    <name>lathe::pages::SamplePane</name>
    <message>
        <source>Find a label  /</source>
        <translation>查找标签  /</translation>
    </message>
    <message>
        <source>Find a label</source>
        <translation>查找标签</translation>
    </message>
    <message>
        <source>Edit the labels</source>
        <translation>编辑标签</translation>
    </message>
    <message>
        <source>Show all of it (%L1 characters)</source>
        <translation>显示全文（%L1 个字符）</translation>
    </message>
    <message>
        <source>Flagged</source>
        <translation>存疑</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Type the number or move the slider, then Enter.</source>
        <translation>输入数字或拖动滑块，然后按回车。</translation>
    </message>
    <message>
        <source>A number rates the text and shows the next.</source>
        <translation>按数字键评分并显示下一条。</translation>
    </message>
    <message>
        <source>Select a part of the text and give it a label. None at all: Enter.</source>
        <translation>选中一段文本并给它标签。一个也没有：按回车。</translation>
    </message>
    <message>
        <source>Text changed</source>
        <translation>文本已修改</translation>
    </message>
    <message>
        <source>Which answer is better? A number says it and shows the next.</source>
        <translation>哪个回答更好？按数字键选择并显示下一条。</translation>
    </message>
    <message>
        <source>Answer the text in your own words.</source>
        <translation>用自己的话回答这条文本。</translation>
    </message>
    <message>
        <source>Up and Down choose the turn, a label goes to it. None at all: Enter.</source>
        <translation>用上下键选择轮次，再给它标签。一个也没有：按回车。</translation>
    </message>
</context>
<context>
    <name>lathe::pages::SampleText</name>
    <message>
        <source>Text to label</source>
        <translation>待标注的文本</translation>
    </message>
</context>
<context>
    <name>lathe::pages::SlicesModel</name>
    <message>
        <source>Fewer than %1 texts: these shares may mislead</source>
        <translation>不足 %1 条文本：这些比例可能有误导</translation>
    </message>
    <message>
        <source>%1 (few)</source>
        <translation>%1（偏少）</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>95 % interval</source>
        <translation>95 % 区间</translation>
    </message>
    <message>
        <source>Given</source>
        <translation>判给</translation>
    </message>
    <message>
        <source>Recognised</source>
        <translation>识别出</translation>
    </message>
    <message>
        <source>Wrongly given</source>
        <translation>误判给</translation>
    </message>
    <message>
        <source>Share of the group&apos;s texts that are right</source>
        <translation>该组文本中答对的比例</translation>
    </message>
    <message>
        <source>Share of the group&apos;s texts that get the chosen label</source>
        <translation>该组文本中判为所选标签的比例</translation>
    </message>
    <message>
        <source>Of the group&apos;s texts that have the chosen label, the share that get it</source>
        <translation>该组中带所选标签的文本里，被判对的比例</translation>
    </message>
    <message>
        <source>Of the group&apos;s texts that do not have it, the share that get it nevertheless</source>
        <translation>该组中不带所选标签的文本里，仍被判给它的比例</translation>
    </message>
</context>
<context>
    <name>lathe::pages::SlicesView</name>
    <message>
        <source>Groups by</source>
        <translation>分组依据</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Accuracy by group</source>
        <translation>各组的准确率</translation>
    </message>
    <message>
        <source>Largest differences between groups, for the chosen label. Demographic parity: of the share that gets it. Equal opportunity: of the share recognised. Equalised odds: of the share recognised or wrongly given, the larger.</source>
        <translation>所选标签在各组之间的最大差别。人口均等：判给比例之差。机会均等：识别比例之差。均等几率：识别比例或误判比例之差，取较大者。</translation>
    </message>
    <message>
        <source>Length in characters</source>
        <translation>字符数</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>Largest gaps for “%1”: demographic parity %2 · equal opportunity %3 · equalised odds %4</source>
        <translation>“%1”的最大差距：人口均等 %2 · 机会均等 %3 · 均等几率 %4</translation>
    </message>
    <message>
        <source>Some groups are small: their gaps may mislead.</source>
        <translation>有些组太小：它们的差距可能有误导。</translation>
    </message>
    <message>
        <source>Mistakes in “%1”</source>
        <translation>“%1”中的错误</translation>
    </message>
</context>
<context>
    <name>lathe::pages::SpanText</name>
    <message>
        <source>Text whose parts get labels</source>
        <translation>要标注片段的文本</translation>
    </message>
    <message>
        <source>%1 ?</source>
        <translation>%1？</translation>
    </message>
    <message>
        <source>%1: “%2”</source>
        <translation>%1：“%2”</translation>
    </message>
    <message>
        <source>Select the parts that are “%1”</source>
        <translation>选出属于“%1”的片段</translation>
    </message>
    <message>
        <source>Label “%1”</source>
        <translation>标为“%1”</translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation>去掉 %1</translation>
    </message>
    <message>
        <source>Take the suggestion %1</source>
        <translation>采纳建议 %1</translation>
    </message>
    <message>
        <source>Take the suggestions</source>
        <translation>采纳这些建议</translation>
    </message>
    <message>
        <source>Move the ends of %1</source>
        <translation>移动 %1 的边界</translation>
    </message>
</context>
<context>
    <name>lathe::pages::SuggestionStrip</name>
    <message>
        <source>Suggest</source>
        <translation>给出建议</translation>
    </message>
    <message>
        <source>Learn again</source>
        <translation>重新学习</translation>
    </message>
    <message>
        <source>Suggested by %1</source>
        <translation>由 %1 建议</translation>
    </message>
    <message>
        <source>Learning from your labels…</source>
        <translation>正在从您的标注中学习…</translation>
    </message>
    <message>
        <source>Loading the suggestion model…</source>
        <translation>正在加载建议模型…</translation>
    </message>
    <message>
        <source>The model knows none of these labels. Learn again from yours.</source>
        <translation>模型不认识这些标签。请让它从您的标注中重新学习。</translation>
    </message>
    <message>
        <source>A model can learn from your labels.</source>
        <translation>可以让模型从您的标注中学习。</translation>
    </message>
    <message>
        <source>Suggestions come once ten texts with two different labels are there.</source>
        <translation>标注满十条并用到两个不同标签后，就会有建议。</translation>
    </message>
    <message>
        <source>Take the suggestion</source>
        <translation>采用建议</translation>
    </message>
</context>
<context>
    <name>lathe::pages::TextEditPane</name>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Show the original</source>
        <translation>显示原文</translation>
    </message>
    <message>
        <source>Take the original</source>
        <translation>恢复原文</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Save the text</source>
        <translation>保存文本</translation>
    </message>
    <message>
        <source>The labelled parts move with the text. The imported text is kept.</source>
        <translation>片段会随文本移动。导入的原文会保留。</translation>
    </message>
    <message>
        <source>The imported text is kept and can be brought back.</source>
        <translation>导入的原文会保留，可以恢复。</translation>
    </message>
    <message>
        <source>Back to the text</source>
        <translation>返回文本</translation>
    </message>
</context>
<context>
    <name>lathe::pages::TrainForm</name>
    <message>
        <source>What to train</source>
        <translation>训练什么</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Start training</source>
        <translation>开始训练</translation>
    </message>
    <message>
        <source>%1, go on from it</source>
        <translation>%1，在它的基础上继续</translation>
    </message>
    <message>
        <source>Open folder…</source>
        <translation>打开文件夹…</translation>
    </message>
    <message>
        <source>Open a model folder (Hugging Face layout)</source>
        <translation>打开模型文件夹（Hugging Face 格式）</translation>
    </message>
    <message>
        <source>A snapshot of %1 labelled texts, %2 of them held back for dev.</source>
        <translation>快照含 %1 条已标注文本，其中 %2 条留作开发集。</translation>
    </message>
    <message>
        <source>A snapshot of %1 answers, %2 of them held back for dev.</source>
        <translation>快照含 %1 条问答，其中 %2 条留作开发集。</translation>
    </message>
    <message>
        <source>%1 test texts stay out.</source>
        <translation>%1 条测试文本不参与训练。</translation>
    </message>
    <message>
        <source>No project is open.</source>
        <translation>没有打开的项目。</translation>
    </message>
    <message>
        <source>The project is open for reading only; a run could not be kept.</source>
        <translation>项目以只读方式打开，无法保存训练。</translation>
    </message>
    <message>
        <source>This model cannot be trained; choose another.</source>
        <translation>这个模型不能训练，请换一个。</translation>
    </message>
    <message>
        <source>Nothing is labelled yet. Label some texts on the Label page first.</source>
        <translation>还没有标注。请先到“标注”页标注一些文本。</translation>
    </message>
    <message>
        <source>There are no question/answer pairs. Import some on the Corpus page first.</source>
        <translation>没有问答对。请先到“语料”页导入。</translation>
    </message>
    <message>
        <source>Only one label is in use. A classifier needs at least two.</source>
        <translation>只用到了一个标签，分类器至少需要两个。</translation>
    </message>
    <message numerus="yes">
        <source>%n text(s) are very few; expect little.</source>
        <translation>
            <numerusform>只有 %n 条文本，数量太少，效果会有限。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n label(s) have a single text and cannot be judged: %1</source>
        <translation>
            <numerusform>有 %n 个标签只有一条文本，无法评估：%1</numerusform>
        </translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>Training…</source>
        <translation>正在训练…</translation>
    </message>
</context>
<context>
    <name>lathe::pages::TrainPage</name>
    <message>
        <source>No run yet</source>
        <translation>还没有训练</translation>
    </message>
    <message>
        <source>Choose a model at the left and press Start. Its loss and accuracy are drawn here while it learns.</source>
        <translation>在左侧选择模型，点击“开始”。学习过程中，损失和准确率会画在这里。</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Pause training</source>
        <translation>暂停训练</translation>
    </message>
    <message>
        <source>Stop training; the run can be resumed</source>
        <translation>停止训练，之后可以继续</translation>
    </message>
    <message>
        <source>Pre-training</source>
        <translation>预训练</translation>
    </message>
    <message>
        <source>Show the curves of pre-training beside those of training</source>
        <translation>同时显示预训练的曲线</translation>
    </message>
    <message>
        <source>Progress of the run</source>
        <translation>训练进度</translation>
    </message>
    <message>
        <source>best dev accuracy</source>
        <translation>开发集最佳准确率</translation>
    </message>
    <message>
        <source>dev loss</source>
        <translation>开发集损失</translation>
    </message>
    <message>
        <source>tokens per second</source>
        <translation>词元/秒</translation>
    </message>
    <message>
        <source>time left</source>
        <translation>剩余时间</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>训练记录</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续训练</translation>
    </message>
    <message>
        <source>Evaluate</source>
        <translation>评估</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Go on with the chosen run</source>
        <translation>继续所选的训练</translation>
    </message>
    <message>
        <source>Judge the chosen run&apos;s model</source>
        <translation>评估所选训练的模型</translation>
    </message>
    <message>
        <source>Talk to the chosen run&apos;s model</source>
        <translation>与所选训练的模型对话</translation>
    </message>
    <message>
        <source>Runs of this project</source>
        <translation>这个项目的训练记录</translation>
    </message>
    <message>
        <source>Training %1</source>
        <translation>正在训练 %1</translation>
    </message>
    <message>
        <source>Run %1</source>
        <translation>训练 %1</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>曲线</translation>
    </message>
    <message>
        <source>macro-F1 %1</source>
        <translation>宏平均 F1 %1</translation>
    </message>
    <message>
        <source>training loss</source>
        <translation>训练损失</translation>
    </message>
    <message>
        <source>left of pre-training</source>
        <translation>预训练剩余时间</translation>
    </message>
    <message>
        <source>time taken</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>step %1 of %2</source>
        <translation>第 %1 步，共 %2 步</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>stopping after this step…</source>
        <translation>完成这一步后停止…</translation>
    </message>
    <message>
        <source>Another run is going on: %1</source>
        <translation>另一次训练正在进行：%1</translation>
    </message>
    <message>
        <source>Run %1 is stopped. It can be resumed.</source>
        <translation>训练 %1 已停止，可以继续。</translation>
    </message>
    <message>
        <source>Run %1 is done.</source>
        <translation>训练 %1 已完成。</translation>
    </message>
    <message>
        <source>Best dev accuracy %1.</source>
        <translation>开发集最佳准确率 %1。</translation>
    </message>
    <message numerus="yes">
        <source>%n text(s) were longer than the model reads and were cut.</source>
        <translation>
            <numerusform>有 %n 条文本超过模型能读的长度，已截断。</numerusform>
        </translation>
    </message>
    <message>
        <source>Report…</source>
        <translation>报告…</translation>
    </message>
    <message>
        <source>Save the chosen run as one page, or its curves as a table</source>
        <translation>把所选的训练存成一页报告，或把曲线存成表格</translation>
    </message>
    <message>
        <source>Save the run</source>
        <translation>保存训练报告</translation>
    </message>
    <message>
        <source>Report (*.html);;Curves (*.csv)</source>
        <translation>报告 (*.html);;曲线 (*.csv)</translation>
    </message>
    <message>
        <source>Saved %1.</source>
        <translation>已保存 %1。</translation>
    </message>
</context>
<context>
    <name>lathe::pages::TurnList</name>
    <message>
        <source>Turns of the conversation</source>
        <translation>对话的各轮次</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
</context>
<context>
    <name>lathe::pages::TurnWidget</name>
    <message>
        <source>Copy this answer</source>
        <translation>复制这条回答</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>重新回答</translation>
    </message>
    <message>
        <source>You: %1</source>
        <translation>您：%1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>writing…</source>
        <translation>正在写…</translation>
    </message>
    <message>
        <source>%1 tokens, %2 tokens/s</source>
        <translation>%1 个词元，%2 词元/秒</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>reached the length limit</source>
        <translation>达到长度上限</translation>
    </message>
    <message>
        <source>the conversation is as long as the model reads</source>
        <translation>对话已达到模型能读的长度</translation>
    </message>
    <message>
        <source>only the beginning was read: the text is longer than the model reads</source>
        <translation>文本超过模型能读的长度，只读了开头</translation>
    </message>
    <message>
        <source>Not sure: no label reaches 40 %. Say which one is right, and it can learn it.</source>
        <translation>没有把握：没有标签达到 40 %。告诉它哪个才对，它就能学会。</translation>
    </message>
</context>
<context>
    <name>lathe::plots::LivePlot</name>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Logarithmic scale</source>
        <translation>对数坐标</translation>
    </message>
    <message>
        <source>Save picture or data…</source>
        <translation>保存图片或数据…</translation>
    </message>
    <message>
        <source>Save the curves</source>
        <translation>保存曲线</translation>
    </message>
    <message>
        <source>Picture (*.png);;Drawing (*.svg);;Document (*.pdf);;Table (*.csv)</source>
        <translation>图片 (*.png);;矢量图 (*.svg);;文档 (*.pdf);;表格 (*.csv)</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>第 %1 步</translation>
    </message>
</context>
<context>
    <name>lathe::session::ChatController</name>
    <message>
        <source>The project is open for reading only; nothing can be kept.</source>
        <translation>项目以只读方式打开，无法保存。</translation>
    </message>
    <message>
        <source>Kept in the corpus as “%1”</source>
        <translation>已收入语料，标为“%1”</translation>
    </message>
    <message>
        <source>Kept in the corpus: the better answer, and the pair of both</source>
        <translation>已收入语料：更好的回答，以及两者的比较</translation>
    </message>
    <message>
        <source>Kept in the corpus: the question with this answer</source>
        <translation>已收入语料：这个问题和回答</translation>
    </message>
</context>
<context>
    <name>lathe::session::ErrorText</name>
    <message>
        <source>Stopped. Nothing was changed.</source>
        <translation>已停止，没有任何改动。</translation>
    </message>
    <message>
        <source>The input cannot be used.</source>
        <translation>输入无法使用。</translation>
    </message>
    <message>
        <source>It is not there.</source>
        <translation>它不存在。</translation>
    </message>
    <message>
        <source>Not found. %1</source>
        <translation>没有找到。详情：%1</translation>
    </message>
    <message>
        <source>Reading or writing failed. %1 Check that the disk has room and that you may write there.</source>
        <translation>读写失败。详情：%1 请检查磁盘是否有空间、您是否有写入权限。</translation>
    </message>
    <message>
        <source>Lathe cannot do this yet. %1</source>
        <translation>Lathe 目前还做不到。详情：%1</translation>
    </message>
    <message>
        <source>Not enough memory. %1 A smaller batch, shorter texts or a smaller model need less.</source>
        <translation>内存不足。详情：%1 减小批量、缩短文本或换用更小的模型，可以少占内存。</translation>
    </message>
    <message>
        <source>Training went astray. %1 A lower learning rate or a longer warm-up usually helps.</source>
        <translation>训练发散了。详情：%1 通常调低学习率或延长预热即可。</translation>
    </message>
    <message>
        <source>Another program has this project open. Close it there, or open it here read-only.</source>
        <translation>另一个程序已打开这个项目。请在那里关闭它，或在这里以只读方式打开。</translation>
    </message>
    <message>
        <source>Something went wrong inside Lathe. %1</source>
        <translation>Lathe 内部出错。详情：%1</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 分 %2 秒</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 小时</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
    </message>
</context>
<context>
    <name>lathe::session::EvaluateController</name>
    <message>
        <source>the held-out dev part of its run</source>
        <translation>它训练时留出的开发集</translation>
    </message>
    <message>
        <source>the test split</source>
        <translation>测试集</translation>
    </message>
    <message>
        <source>all labelled texts</source>
        <translation>全部已标注文本</translation>
    </message>
    <message>
        <source>Evaluating %1</source>
        <translation>正在评估 %1</translation>
    </message>
    <message>
        <source>Explaining an answer</source>
        <translation>正在解释回答</translation>
    </message>
</context>
<context>
    <name>lathe::session::SearchIndexer</name>
    <message>
        <source>Preparing the search</source>
        <translation>正在准备搜索</translation>
    </message>
</context>
<context>
    <name>lathe::session::SuggestionController</name>
    <message>
        <source>Learning to suggest</source>
        <translation>正在学习给出建议</translation>
    </message>
    <message>
        <source>Loading the suggestion model</source>
        <translation>正在加载建议模型</translation>
    </message>
</context>
<context>
    <name>lathe::session::TrainController</name>
    <message>
        <source>Reading the curves of %1</source>
        <translation>正在读取 %1 的曲线</translation>
    </message>
    <message>
        <source>Training: %1</source>
        <translation>训练：%1</translation>
    </message>
    <message>
        <source>Training run %1, resumed</source>
        <translation>继续训练 %1</translation>
    </message>
    <message>
        <source>A run is going on. Stop it first, or wait until it is done.</source>
        <translation>有一次训练正在进行。请先停止它，或等它完成。</translation>
    </message>
    <message>
        <source>This project is open for reading only: a run could not be kept. Close it in the other program first.</source>
        <translation>项目以只读方式打开，无法保存训练。请先在另一个程序里关闭它。</translation>
    </message>
</context>
<context>
    <name>lathe::widgets::KeyCap</name>
    <message>
        <source>Key %1</source>
        <translation>按键 %1</translation>
    </message>
</context>
<context>
    <name>lathe::widgets::MessageBar</name>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Copy the technical details</source>
        <translation>复制技术细节</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>关闭这条消息</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
</context>
<context>
    <name>lathe::widgets::OptionForm</name>
    <message>
        <source>From %1 to %2; usually %3.</source>
        <translation>范围 %1 至 %2，通常为 %3。</translation>
    </message>
    <message>
        <source>Please enter %1</source>
        <translation>请输入%1</translation>
    </message>
    <message>
        <source>%1: please enter %2</source>
        <translation>%1：请输入%2</translation>
    </message>
    <message>
        <source>Less</source>
        <translation>收起</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
</context>
<context>
    <name>lathe::widgets::ProbabilityBar</name>
    <message>
        <source>Probability</source>
        <translation>概率</translation>
    </message>
</context>
<context>
    <name>losses</name>
    <message>
        <source>labels of a model are predictions there, and are not read back</source>
        <translation>模型给出的标签在那里是预测，不会读回</translation>
    </message>
    <message>
        <source>labelled parts that overlap: the longer one that begins first is kept</source>
        <translation>片段重叠：保留先开始且较长的一个</translation>
    </message>
    <message>
        <source>labelled parts that begin or end within a word: the word is cut there</source>
        <translation>片段在词中间开始或结束：词在此处切开</translation>
    </message>
    <message>
        <source>labelled parts that begin or end with blanks are narrowed to their words</source>
        <translation>片段首尾的空白会去掉</translation>
    </message>
    <message>
        <source>labelled parts of nothing but blanks are not kept</source>
        <translation>只有空白的片段不保留</translation>
    </message>
    <message>
        <source>labelled parts whose label has a tab or a line end are not kept</source>
        <translation>标签中含制表符或换行的片段不保留</translation>
    </message>
    <message>
        <source>texts whose parts nobody labelled are written as having none</source>
        <translation>没有人标注过片段的文本写作没有片段</translation>
    </message>
    <message>
        <source>line ends within a text become blanks</source>
        <translation>文本中的换行变成空格</translation>
    </message>
    <message>
        <source>blanks within a label become _</source>
        <translation>标签中的空格变成 _</translation>
    </message>
    <message>
        <source>blanks at the ends of a text are lost</source>
        <translation>文本首尾的空白会丢失</translation>
    </message>
    <message>
        <source>texts that begin or end with __label__ would be read as labels</source>
        <translation>以 __label__ 开头或结尾的文本会被读成标签</translation>
    </message>
    <message>
        <source>a set of one label, or of none, is read back as a single label, or as none</source>
        <translation>只有一个或没有标签的集合会读回为单个标签或无标签</translation>
    </message>
    <message>
        <source>a single label beside a set becomes one of the set</source>
        <translation>标签集合之外的单个标签会并入集合</translation>
    </message>
    <message>
        <source>conversations that are not question and answer in turn cannot be in this format</source>
        <translation>不是一问一答的对话无法写入这种格式</translation>
    </message>
    <message>
        <source>conversations that are not question and answer in turn cannot be in this spelling</source>
        <translation>不是一问一答的对话无法用这种写法</translation>
    </message>
    <message>
        <source>texts without an answer, and no conversations, cannot be in this format</source>
        <translation>没有回答也不是对话的文本无法写入这种格式</translation>
    </message>
    <message>
        <source>texts without two answers, one of them better, cannot be in this format</source>
        <translation>没有两个分出优劣的回答的文本无法写入这种格式</translation>
    </message>
    <message>
        <source>which of the two answers stood first is not kept</source>
        <translation>两个回答原来的先后不保留</translation>
    </message>
    <message>
        <source>a conversation of one question and its answer is read back as a text with its answer</source>
        <translation>一问一答的对话会读回为文本和它的回答</translation>
    </message>
    <message>
        <source>texts with a zero character cannot be in a file of this format</source>
        <translation>含空字符的文本无法写入这种格式</translation>
    </message>
    <message>
        <source>other fields with the format&apos;s own names are renamed to meta.…</source>
        <translation>与格式自有名称相同的其他字段改名为 meta.…</translation>
    </message>
    <message>
        <source>the annotator has not labelled it</source>
        <translation>该标注者没有标注</translation>
    </message>
    <message>
        <source>annotators differ and nothing was decided</source>
        <translation>标注者意见不一，尚未裁定</translation>
    </message>
    <message>
        <source>labels that were not chosen are left off</source>
        <translation>未选中的标签会省略</translation>
    </message>
    <message>
        <source>labels are not kept</source>
        <translation>标签不保留</translation>
    </message>
    <message>
        <source>sets of labels are not kept</source>
        <translation>标签集合不保留</translation>
    </message>
    <message>
        <source>ratings are not kept</source>
        <translation>评分不保留</translation>
    </message>
    <message>
        <source>labelled parts are not kept</source>
        <translation>片段不保留</translation>
    </message>
    <message>
        <source>answers are not kept</source>
        <translation>回答不保留</translation>
    </message>
    <message>
        <source>turns of conversations are not kept, only their text</source>
        <translation>对话轮次不保留，只保留文本</translation>
    </message>
    <message>
        <source>labels of turns are not kept</source>
        <translation>各轮次的标签不保留</translation>
    </message>
    <message>
        <source>answers to compare are not kept</source>
        <translation>待比较的回答不保留</translation>
    </message>
    <message>
        <source>which answer is better is not kept</source>
        <translation>哪个回答更好不保留</translation>
    </message>
    <message>
        <source>splits are not kept</source>
        <translation>划分不保留</translation>
    </message>
    <message>
        <source>flags are not kept</source>
        <translation>存疑记号不保留</translation>
    </message>
    <message>
        <source>marks of skipped texts are not kept</source>
        <translation>跳过的记号不保留</translation>
    </message>
    <message>
        <source>comments are not kept</source>
        <translation>备注不保留</translation>
    </message>
    <message>
        <source>other fields of the text are not kept</source>
        <translation>文本的其他字段不保留</translation>
    </message>
    <message>
        <source>labels of the other annotators are not kept</source>
        <translation>其他标注者的标签不保留</translation>
    </message>
</context>
<context>
    <name>opinion</name>
    <message>
        <source>a removed label</source>
        <translation>已删除的标签</translation>
    </message>
    <message>
        <source>None is better</source>
        <translation>不分上下</translation>
    </message>
    <message>
        <source>Better: %1</source>
        <translation>更好：%1</translation>
    </message>
    <message>
        <source>no name</source>
        <translation>未署名</translation>
    </message>
    <message>
        <source>No label fits</source>
        <translation>没有合适的标签</translation>
    </message>
    <message>
        <source>Rating %1</source>
        <translation>评分 %1</translation>
    </message>
    <message>
        <source>No part is labelled</source>
        <translation>没有标注片段</translation>
    </message>
    <message>
        <source>Turn %1: %2</source>
        <translation>第 %1 轮：%2</translation>
    </message>
</context>
<context>
    <name>options</name>
    <message>
        <source>Vocabulary</source>
        <translation>词表大小</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>Size of the tokenizer&apos;s vocabulary, trained on your texts; lowered by itself for a small corpus.</source>
        <translation>分词器词表的大小，用您的文本训练；语料较小时会自动调低。</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层数</translation>
    </message>
    <message>
        <source>layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>How deep the model is.</source>
        <translation>模型有多深。</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>宽度</translation>
    </message>
    <message>
        <source>channels</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>How many numbers stand for a token; a multiple of the heads.</source>
        <translation>用多少个数表示一个词元，须为注意力头数的倍数。</translation>
    </message>
    <message>
        <source>Attention heads</source>
        <translation>注意力头</translation>
    </message>
    <message>
        <source>heads</source>
        <translation>个</translation>
    </message>
    <message>
        <source>Into how many heads attention is divided.</source>
        <translation>注意力分成多少个头。</translation>
    </message>
    <message>
        <source>Pre-training epochs</source>
        <translation>预训练轮数</translation>
    </message>
    <message>
        <source>passes</source>
        <translation>遍</translation>
    </message>
    <message>
        <source>Passes over all texts, without their labels, by which the fresh model learns the language first; 0 = none.</source>
        <translation>新模型先不看标签、把全部文本读多少遍来学习语言；0 表示不做。</translation>
    </message>
    <message>
        <source>Pre-training learning rate</source>
        <translation>预训练学习率</translation>
    </message>
    <message>
        <source>per step</source>
        <translation>每步</translation>
    </message>
    <message>
        <source>Highest learning rate of pre-training.</source>
        <translation>预训练的最高学习率。</translation>
    </message>
    <message>
        <source>Pre-training batch</source>
        <translation>预训练批量</translation>
    </message>
    <message>
        <source>Tokens, padding included, that one pre-training step reads.</source>
        <translation>预训练每一步读入的词元数，含填充。</translation>
    </message>
    <message>
        <source>Word n-grams</source>
        <translation>词 n 元组</translation>
    </message>
    <message>
        <source>words</source>
        <translation>个词</translation>
    </message>
    <message>
        <source>Longest run of words that counts as one feature.</source>
        <translation>作为一个特征的最长连续词数。</translation>
    </message>
    <message>
        <source>Shortest character n-gram</source>
        <translation>最短字符 n 元组</translation>
    </message>
    <message>
        <source>characters</source>
        <translation>字符数</translation>
    </message>
    <message>
        <source>Shortest run of characters that counts as a feature.</source>
        <translation>作为一个特征的最短连续字符数。</translation>
    </message>
    <message>
        <source>Longest character n-gram</source>
        <translation>最长字符 n 元组</translation>
    </message>
    <message>
        <source>Longest run of characters that counts as a feature; below the shortest = none.</source>
        <translation>作为一个特征的最长连续字符数；小于最短值表示不用。</translation>
    </message>
    <message>
        <source>Hash bits</source>
        <translation>哈希位数</translation>
    </message>
    <message>
        <source>bits</source>
        <translation>位</translation>
    </message>
    <message>
        <source>Features are hashed into 2 to this power of buckets.</source>
        <translation>特征哈希到 2 的这么多次方个桶里。</translation>
    </message>
    <message>
        <source>L2</source>
        <translation>L2 正则</translation>
    </message>
    <message>
        <source>Strength of the pull of all weights to zero.</source>
        <translation>把所有权重拉向零的力度。</translation>
    </message>
    <message>
        <source>Masked share</source>
        <translation>遮蔽比例</translation>
    </message>
    <message>
        <source>share</source>
        <translation>比例</translation>
    </message>
    <message>
        <source>Share of tokens that pre-training hides and asks for.</source>
        <translation>预训练时遮住并要求猜出的词元比例。</translation>
    </message>
    <message>
        <source>Hidden words</source>
        <translation>隐去的词</translation>
    </message>
    <message>
        <source>Share of tokens that are hidden while the labels are learnt, so that no single word decides.</source>
        <translation>学习标签时随机隐去的词元比例，避免只凭一个词下结论。</translation>
    </message>
    <message>
        <source>Key/value heads</source>
        <translation>键值头</translation>
    </message>
    <message>
        <source>Heads of keys and values, shared by the attention heads; divides them.</source>
        <translation>由多个注意力头共用的键和值的头数，须能整除注意力头数。</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>轮数</translation>
    </message>
    <message>
        <source>How often the training texts are gone through.</source>
        <translation>把训练文本过多少遍。</translation>
    </message>
    <message>
        <source>Batch size</source>
        <translation>批量大小</translation>
    </message>
    <message>
        <source>texts</source>
        <translation>条文本</translation>
    </message>
    <message>
        <source>Texts that one step learns from.</source>
        <translation>每一步学习的文本条数。</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Highest step size; too high and the loss jumps, too low and it creeps.</source>
        <translation>最大步长：太大则损失跳动，太小则进展缓慢。</translation>
    </message>
    <message>
        <source>Warm-up</source>
        <translation>预热</translation>
    </message>
    <message>
        <source>Share of all steps over which the learning rate rises from zero.</source>
        <translation>学习率从零升起所占的步数比例。</translation>
    </message>
    <message>
        <source>Decay</source>
        <translation>衰减</translation>
    </message>
    <message>
        <source>linear</source>
        <translation>线性</translation>
    </message>
    <message>
        <source>cosine</source>
        <translation>余弦</translation>
    </message>
    <message>
        <source>constant</source>
        <translation>恒定</translation>
    </message>
    <message>
        <source>How the learning rate falls after the warm-up.</source>
        <translation>预热之后学习率如何下降。</translation>
    </message>
    <message>
        <source>Weight decay</source>
        <translation>权重衰减</translation>
    </message>
    <message>
        <source>Pull of the weights to zero, scaled by the learning rate.</source>
        <translation>把权重拉向零的力度，随学习率缩放。</translation>
    </message>
    <message>
        <source>Gradient clip</source>
        <translation>梯度裁剪</translation>
    </message>
    <message>
        <source>norm</source>
        <translation>范数</translation>
    </message>
    <message>
        <source>Longest gradient that a step may follow; 0 = no limit.</source>
        <translation>一步所允许的最大梯度范数；0 表示不限。</translation>
    </message>
    <message>
        <source>Label smoothing</source>
        <translation>标签平滑</translation>
    </message>
    <message>
        <source>Share of certainty that is spread over all labels, against overconfidence.</source>
        <translation>分摊到所有标签上的确信比例，防止过度自信。</translation>
    </message>
    <message>
        <source>Dropout</source>
        <translation>随机失活</translation>
    </message>
    <message>
        <source>Share of activations that are left out at random while training, against overfitting.</source>
        <translation>训练时随机略去的激活比例，防止过拟合。</translation>
    </message>
    <message>
        <source>Longest text</source>
        <translation>最长文本</translation>
    </message>
    <message>
        <source>Longer texts are cut; the run says how many.</source>
        <translation>更长的文本会被截断，训练会报告条数。</translation>
    </message>
    <message>
        <source>Batch limit</source>
        <translation>批量上限</translation>
    </message>
    <message>
        <source>Padded tokens that a batch may hold, against running out of memory; 0 = no limit.</source>
        <translation>一个批次最多容纳的词元数（含填充），防止内存不足；0 表示不限。</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精确率</translation>
    </message>
    <message>
        <source>auto</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>float32</source>
        <translation>float32</translation>
    </message>
    <message>
        <source>bf16</source>
        <translation>bf16</translation>
    </message>
    <message>
        <source>bf16 multiplies faster where the processor can, fp16 on older graphics cards; auto chooses.</source>
        <translation>处理器支持时 bf16 乘法更快，旧显卡用 fp16；“自动”会自行选择。</translation>
    </message>
    <message>
        <source>Evaluate every</source>
        <translation>评估间隔</translation>
    </message>
    <message>
        <source>steps</source>
        <translation>步</translation>
    </message>
    <message>
        <source>Steps between evaluations on the dev set; 0 = ten times in the run.</source>
        <translation>每隔多少步在开发集上评估一次；0 表示全程评估十次。</translation>
    </message>
    <message>
        <source>Patience</source>
        <translation>耐心</translation>
    </message>
    <message>
        <source>evaluations</source>
        <translation>次评估</translation>
    </message>
    <message>
        <source>Evaluations without gain after which training ends early; 0 = never.</source>
        <translation>连续多少次评估没有进步就提前结束；0 表示从不。</translation>
    </message>
    <message>
        <source>Best by</source>
        <translation>择优依据</translation>
    </message>
    <message>
        <source>Dev share</source>
        <translation>开发集比例</translation>
    </message>
    <message>
        <source>Share of the labelled texts that is held out for the dev set.</source>
        <translation>从已标注文本中留作开发集的比例。</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Same seed, same data, one thread: the same run, bit by bit.</source>
        <translation>种子相同、数据相同、单线程时，训练结果逐位相同。</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>auto, cpu, cuda or cuda:1.</source>
        <translation>auto、cpu、cuda 或 cuda:1。</translation>
    </message>
    <message>
        <source>n-gram classifier</source>
        <translation>n 元组分类器</translation>
    </message>
    <message>
        <source>A linear classifier over word and character n-grams: trained in seconds, the baseline to beat.</source>
        <translation>基于词和字符 n 元组的线性分类器：几秒训练完成，是要超越的基线。</translation>
    </message>
    <message>
        <source>Fresh encoder (BERT layout)</source>
        <translation>全新编码器（BERT 结构）</translation>
    </message>
    <message>
        <source>A small encoder with a tokenizer of its own, taught the language of your texts first (masked tokens), then the labels.</source>
        <translation>自带分词器的小型编码器，先从您的文本学习语言（猜遮住的词元），再学习标签。</translation>
    </message>
    <message>
        <source>Fresh decoder (Llama layout)</source>
        <translation>全新解码器（Llama 结构）</translation>
    </message>
    <message>
        <source>A small generating model with a tokenizer of its own: next tokens on all your texts first, then the answers to the questions.</source>
        <translation>自带分词器的小型生成模型：先在全部文本上学习预测下一个词元，再学习回答问题。</translation>
    </message>
    <message>
        <source>All weights</source>
        <translation>全部参数</translation>
    </message>
    <message>
        <source>Trains every weight of the model: the most to gain, the most memory.</source>
        <translation>训练模型的每个参数：提升空间最大，占用内存也最多。</translation>
    </message>
    <message>
        <source>Classifier head only</source>
        <translation>仅分类头</translation>
    </message>
    <message>
        <source>Trains the small layer on top and keeps the model as it is: the fastest, good for a first look.</source>
        <translation>只训练顶部的小层，模型其余部分不变：最快，适合先看看效果。</translation>
    </message>
    <message>
        <source>Trained layers</source>
        <translation>训练的层数</translation>
    </message>
    <message>
        <source>How many of the last layers are trained.</source>
        <translation>训练最后多少层。</translation>
    </message>
    <message>
        <source>Last layers</source>
        <translation>最后几层</translation>
    </message>
    <message>
        <source>Trains the last layers and the head, keeps the rest: faster and lighter, close to full on small data.</source>
        <translation>训练最后几层和分类头，其余不变：更快更省，在小数据上接近全部训练。</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Mean cross entropy: how surprised the model is by the right answers.</source>
        <translation>平均交叉熵：模型对正确答案的意外程度。</translation>
    </message>
    <message>
        <source>Macro-F1</source>
        <translation>宏平均 F1</translation>
    </message>
    <message>
        <source>F1 averaged over the labels, rare ones counting as much as frequent ones.</source>
        <translation>各标签 F1 的平均值，少见的与常见的同等重要。</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>The share of texts whose likeliest label is the right one.</source>
        <translation>最可能的标签恰好正确的文本比例。</translation>
    </message>
    <message>
        <source>Token accuracy</source>
        <translation>词元准确率</translation>
    </message>
    <message>
        <source>The share of target tokens to which the model gives the highest probability.</source>
        <translation>模型给出最高概率的目标词元所占的比例。</translation>
    </message>
    <message>
        <source>Longest answer</source>
        <translation>回答上限</translation>
    </message>
    <message>
        <source>The answer ends here at the latest.</source>
        <translation>回答最多到这个长度。</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>0 takes the likeliest token each time; higher values vary the answer.</source>
        <translation>0 表示每次取最可能的词元；数值越高，回答变化越多。</translation>
    </message>
    <message>
        <source>Top k</source>
        <translation>Top k</translation>
    </message>
    <message>
        <source>Only the k likeliest tokens are drawn from; 0 = all.</source>
        <translation>只从最可能的 k 个词元中选取；0 表示全部。</translation>
    </message>
    <message>
        <source>Top p</source>
        <translation>Top p</translation>
    </message>
    <message>
        <source>Only the likeliest tokens that together have this probability are drawn from.</source>
        <translation>只从累计概率达到此值的最可能词元中选取。</translation>
    </message>
    <message>
        <source>Repetition penalty</source>
        <translation>重复惩罚</translation>
    </message>
    <message>
        <source>factor</source>
        <translation>倍</translation>
    </message>
    <message>
        <source>Above 1, tokens that already occurred become less likely.</source>
        <translation>大于 1 时，已出现过的词元更不容易再次出现。</translation>
    </message>
    <message>
        <source>Choice of tokens</source>
        <translation>词元选取方式</translation>
    </message>
    <message>
        <source>greedy</source>
        <translation>贪心</translation>
    </message>
    <message>
        <source>sample</source>
        <translation>抽样</translation>
    </message>
    <message>
        <source>Always the likeliest token, or drawn ones; auto: by the temperature, else as the model&apos;s own settings say. This also holds for every option that is left alone.</source>
        <translation>始终取最可能的词元，或随机抽取；auto：由温度决定，否则按模型自带的设置。凡未改动的选项也都按模型自带的设置。</translation>
    </message>
    <message>
        <source>Shortest answer</source>
        <translation>最短回答</translation>
    </message>
    <message>
        <source>The answer does not end before it has so many.</source>
        <translation>达到此长度之前回答不会结束。</translation>
    </message>
    <message>
        <source>Min p</source>
        <translation>最小概率比</translation>
    </message>
    <message>
        <source>Only tokens with this share of the likeliest one&apos;s probability are drawn; 0 = all.</source>
        <translation>只抽取概率不低于最可能词元此比例的词元；0 = 全部。</translation>
    </message>
    <message>
        <source>Frequency penalty</source>
        <translation>频率惩罚</translation>
    </message>
    <message>
        <source>logits</source>
        <translation>对数几率</translation>
    </message>
    <message>
        <source>Taken off a token&apos;s score for each time that the answer has it already.</source>
        <translation>回答中每出现过一次某词元，其得分就减去此值。</translation>
    </message>
    <message>
        <source>Presence penalty</source>
        <translation>出现惩罚</translation>
    </message>
    <message>
        <source>Taken off a token&apos;s score once the answer has it.</source>
        <translation>回答中一旦出现过某词元，其得分就减去此值一次。</translation>
    </message>
    <message>
        <source>Beams</source>
        <translation>束宽</translation>
    </message>
    <message>
        <source>So many texts are followed at once and the best is taken; 1 = one, token by token.</source>
        <translation>同时展开这么多条文本并取最好的一条；1 = 只展开一条，逐个词元生成。</translation>
    </message>
    <message>
        <source>Length penalty</source>
        <translation>长度惩罚</translation>
    </message>
    <message>
        <source>exponent</source>
        <translation>指数</translation>
    </message>
    <message>
        <source>With beams: above 0 favours longer texts, below 0 shorter ones.</source>
        <translation>用于束搜索：大于 0 偏向较长的文本，小于 0 偏向较短的文本。</translation>
    </message>
    <message>
        <source>Stop beams early</source>
        <translation>提前结束束搜索</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source>yes: as soon as there are enough texts; no: when better ones are unlikely; never: when none can be better.</source>
        <translation>是：文本数量足够时立即结束；否：不太可能有更好的文本时结束；从不：不可能有更好的文本时才结束。</translation>
    </message>
    <message>
        <source>Stop texts</source>
        <translation>停止文本</translation>
    </message>
    <message>
        <source>Texts that end the answer, with | between them; \n is a line break, \| a bar.</source>
        <translation>遇到即结束回答的文本，以 | 分隔；\n 表示换行，\| 表示竖线本身。</translation>
    </message>
    <message>
        <source>The same seed gives the same answer; only counts when tokens are drawn.</source>
        <translation>相同的种子给出相同的回答；仅在随机抽取词元时有效。</translation>
    </message>
    <message>
        <source>A label for two texts</source>
        <translation>两段文本一个标签</translation>
    </message>
    <message>
        <source>A number a text</source>
        <translation>每段文本一个数值</translation>
    </message>
    <message>
        <source>A number for two texts</source>
        <translation>两段文本一个数值</translation>
    </message>
    <message>
        <source>Accumulation</source>
        <translation>梯度累积</translation>
    </message>
    <message>
        <source>Adafactor by size</source>
        <translation>Adafactor 按大小缩放</translation>
    </message>
    <message>
        <source>Adafactor counts the learning rate in units of each tensor&apos;s own size.</source>
        <translation>Adafactor 以每个张量自身的大小为单位计算学习率。</translation>
    </message>
    <message>
        <source>Adafactor memory</source>
        <translation>Adafactor 记忆</translation>
    </message>
    <message>
        <source>Adafactor momentum</source>
        <translation>Adafactor 动量</translation>
    </message>
    <message>
        <source>Adafactor takes the rate that its paper proposes, and learning_rate is not read.</source>
        <translation>Adafactor 采用其论文提出的学习率，不读取 learning_rate。</translation>
    </message>
    <message>
        <source>Adafactor update limit</source>
        <translation>Adafactor 更新上限</translation>
    </message>
    <message>
        <source>Adafactor&apos;s own rate</source>
        <translation>Adafactor 自带学习率</translation>
    </message>
    <message>
        <source>AdamW epsilon</source>
        <translation>AdamW 的 epsilon</translation>
    </message>
    <message>
        <source>AdamW memory of sizes</source>
        <translation>AdamW 二阶矩记忆</translation>
    </message>
    <message>
        <source>AdamW momentum</source>
        <translation>AdamW 动量</translation>
    </message>
    <message>
        <source>Adapted layers</source>
        <translation>适配的层</translation>
    </message>
    <message>
        <source>Adapters (Houlsby)</source>
        <translation>适配器（Houlsby）</translation>
    </message>
    <message>
        <source>Adapters (Pfeiffer)</source>
        <translation>适配器（Pfeiffer）</translation>
    </message>
    <message>
        <source>Adversarial step</source>
        <translation>对抗步长</translation>
    </message>
    <message>
        <source>Answers and conversations</source>
        <translation>回答与对话</translation>
    </message>
    <message>
        <source>Any number of labels a text</source>
        <translation>每段文本任意多个标签</translation>
    </message>
    <message>
        <source>Average</source>
        <translation>权重平均</translation>
    </message>
    <message>
        <source>Batches whose gradients make up one step: a step as of a larger batch, in the memory of a small one.</source>
        <translation>多少个批次的梯度合成一步：效果等同大批次，内存只需小批次。</translation>
    </message>
    <message>
        <source>Beginning</source>
        <translation>起始值</translation>
    </message>
    <message>
        <source>Biases only (BitFit)</source>
        <translation>仅偏置（BitFit）</translation>
    </message>
    <message>
        <source>Cut on a plateau</source>
        <translation>停滞时的降幅</translation>
    </message>
    <message>
        <source>Deterministic</source>
        <translation>确定性</translation>
    </message>
    <message>
        <source>Dropout of the added networks</source>
        <translation>附加网络的 dropout</translation>
    </message>
    <message>
        <source>Dropout of the additions</source>
        <translation>附加部分的 dropout</translation>
    </message>
    <message>
        <source>Embedding noise</source>
        <translation>嵌入噪声</translation>
    </message>
    <message>
        <source>Evaluations without gain that are put up with before the learning rate is cut.</source>
        <translation>连续多少次评估没有提升后才降低学习率。</translation>
    </message>
    <message>
        <source>File with a word and its synonyms on each line, as in car: automobile, motor car.</source>
        <translation>同义词文件：每行先写一个词，冒号之后写它的同义词，以逗号隔开。</translation>
    </message>
    <message>
        <source>Finds the parts of a text that carry a label: names, dates, amounts.</source>
        <translation>找出文本中带标签的片段：姓名、日期、金额。</translation>
    </message>
    <message>
        <source>First rank</source>
        <translation>初始秩</translation>
    </message>
    <message>
        <source>Focal loss</source>
        <translation>Focal 损失</translation>
    </message>
    <message>
        <source>Folder of a larger tuned model with the same labels, or the same vocabulary, whose answers are learnt from as well.</source>
        <translation>一个更大的、已调好的模型的文件夹（标签或词表相同），同时向它的答案学习。</translation>
    </message>
    <message>
        <source>Folder of an adapter of this kind to train further, in place of a fresh one.</source>
        <translation>同类适配器的文件夹，在它的基础上继续训练，而不是从新的开始。</translation>
    </message>
    <message>
        <source>Gives each text a number: a rating, a strength, a degree.</source>
        <translation>给每段文本一个数值：评分、强度、程度。</translation>
    </message>
    <message>
        <source>Gives each text a vector such that texts which belong together are near: search, duplicates.</source>
        <translation>给每段文本一个向量，使相关的文本彼此靠近：用于搜索、查重。</translation>
    </message>
    <message>
        <source>Gives each text all labels that fit it, which may be none: each is decided for itself.</source>
        <translation>给每段文本所有合适的标签，也可能一个都没有：每个标签单独判断。</translation>
    </message>
    <message>
        <source>Gives each text the one label that fits best: topics, intents, moods.</source>
        <translation>给每段文本一个最合适的标签：主题、意图、情绪。</translation>
    </message>
    <message>
        <source>Go on from an adapter</source>
        <translation>从已有适配器继续</translation>
    </message>
    <message>
        <source>Goes through each text twice with different dropout and holds the two answers together this strongly, against overfitting; 0 = off, and each step takes half the time.</source>
        <translation>每段文本以不同的 dropout 计算两遍，并以此强度使两次结果保持一致，防止过拟合；0 = 关闭，每步用时减半。</translation>
    </message>
    <message>
        <source>Head&apos;s rate</source>
        <translation>输出层学习率</translation>
    </message>
    <message>
        <source>Hidden tokens</source>
        <translation>遮盖的词元</translation>
    </message>
    <message>
        <source>How far the words are moved to where the model does worst, and learnt from again (FGM); 0 = off, 1 is usual, and each step takes twice the time.</source>
        <translation>把词向量朝模型表现最差的方向移动多远后再学一次（FGM）；0 = 关闭，通常取 1，每步用时加倍。</translation>
    </message>
    <message>
        <source>How fast Adafactor&apos;s memory grows longer over the steps.</source>
        <translation>Adafactor 的记忆随步数变长的速度。</translation>
    </message>
    <message>
        <source>How gradients become steps: adamw as a rule, adafactor or lion to save memory, sgd for plain steps.</source>
        <translation>梯度如何变成更新：一般用 adamw，adafactor 或 lion 节省内存，sgd 是最简单的更新。</translation>
    </message>
    <message>
        <source>How many directions a layer has in the end, on average.</source>
        <translation>最终每层平均保留多少个方向。</translation>
    </message>
    <message>
        <source>How many directions each layer begins with.</source>
        <translation>每层开始时有多少个方向。</translation>
    </message>
    <message>
        <source>How many directions each layer may change in: more can learn more and cost more.</source>
        <translation>每层可以在多少个方向上改变：越多学得越多，开销也越大。</translation>
    </message>
    <message>
        <source>How many learnt tokens stand in front of every text.</source>
        <translation>每段文本前放置多少个可学习的词元。</translation>
    </message>
    <message>
        <source>How many times narrower than the model the added networks are.</source>
        <translation>附加网络比模型窄多少倍。</translation>
    </message>
    <message>
        <source>How much faster than the rest the layer on top of the model learns.</source>
        <translation>模型顶层的学习速度是其余部分的多少倍。</translation>
    </message>
    <message>
        <source>How much less texts count that the model is sure of already; 0 = the same, 2 is usual.</source>
        <translation>模型已有把握的文本权重降低多少；0 = 不变，通常取 2。</translation>
    </message>
    <message>
        <source>How much of the teacher&apos;s doubts is learnt: above 1, what it holds for less likely counts more.</source>
        <translation>向教师模型的犹豫学多少：大于 1 时，它认为可能性较小的答案也更受重视。</translation>
    </message>
    <message>
        <source>How much the labels count: empty = the same for every text, balanced = the same for every label, or one number for each label, as in 1,2.5,0.3.</source>
        <translation>标签的权重：留空 = 每段文本相同，balanced = 每个标签相同，或每个标签一个数，例如 1,2.5,0.3。</translation>
    </message>
    <message>
        <source>How much the mean of past gradients counts in the direction of a step.</source>
        <translation>过去梯度的均值在更新方向中所占的比重。</translation>
    </message>
    <message>
        <source>How much the teacher&apos;s answers count, and the rest the right ones.</source>
        <translation>教师答案所占的比重，其余为正确答案。</translation>
    </message>
    <message>
        <source>How often directions are switched off; 0 = a hundred times in the run.</source>
        <translation>多久关闭一次方向；0 = 整个运行共一百次。</translation>
    </message>
    <message>
        <source>How sharply near texts are told apart; lower = sharper.</source>
        <translation>区分相近文本的锐利程度；越小越锐利。</translation>
    </message>
    <message>
        <source>How steeply a polynomial decay begins; 1 = a straight line.</source>
        <translation>多项式衰减开始时有多陡；1 = 直线。</translation>
    </message>
    <message>
        <source>How strongly the additions count, in units of the first rank; 0 = twice the rank.</source>
        <translation>附加部分的强度，以初始秩为单位；0 = 秩的两倍。</translation>
    </message>
    <message>
        <source>How strongly the additions count, in units of the rank; 0 = twice the rank.</source>
        <translation>附加部分的强度，以秩为单位；0 = 秩的两倍。</translation>
    </message>
    <message>
        <source>How strongly the directions of a layer are kept apart from each other.</source>
        <translation>一层中各方向相互分开的强度。</translation>
    </message>
    <message>
        <source>How the better answer is made likelier: against the model as it was (dpo), while learning the better answer (orpo), or by its mean alone (simpo).</source>
        <translation>如何使较好的回答更可能出现：与原模型比较（dpo）、同时学习较好的回答（orpo），或仅按其均值（simpo）。</translation>
    </message>
    <message>
        <source>In trouble</source>
        <translation>出现异常时</translation>
    </message>
    <message>
        <source>Keeps steps small where gradients have been next to nothing.</source>
        <translation>在梯度几乎为零的地方保持小步。</translation>
    </message>
    <message>
        <source>Label weights</source>
        <translation>标签权重</translation>
    </message>
    <message>
        <source>Labelled parts of texts</source>
        <translation>文本中的标注片段</translation>
    </message>
    <message>
        <source>Largest update that Adafactor makes, before the learning rate.</source>
        <translation>Adafactor 在乘学习率之前的最大更新。</translation>
    </message>
    <message>
        <source>Last rank</source>
        <translation>最终秩</translation>
    </message>
    <message>
        <source>Learn from</source>
        <translation>学习内容</translation>
    </message>
    <message>
        <source>Learning rate that a polynomial decay ends at.</source>
        <translation>多项式衰减结束时的学习率。</translation>
    </message>
    <message>
        <source>Learns from pairs of answers which one people prefer (DPO, ORPO, SimPO).</source>
        <translation>从成对的回答中学习人们更喜欢哪一个（DPO、ORPO、SimPO）。</translation>
    </message>
    <message>
        <source>Learns the language of texts by guessing hidden words (continued pre-training of encoders).</source>
        <translation>通过猜测被遮盖的词学习文本的语言（编码器的继续预训练）。</translation>
    </message>
    <message>
        <source>Learns the language of texts by saying each next word (continued pre-training of models that write).</source>
        <translation>通过逐词预测学习文本的语言（生成模型的继续预训练）。</translation>
    </message>
    <message>
        <source>Learns to answer as your answers do, in the model&apos;s chat format (supervised fine-tuning).</source>
        <translation>按模型的对话格式学习像您的答案那样回答（监督微调）。</translation>
    </message>
    <message>
        <source>Learns what a text becomes: its translation, its summary, its correction.</source>
        <translation>学习文本应变成什么：译文、摘要、改正后的文本。</translation>
    </message>
    <message>
        <source>Left-out tokens</source>
        <translation>删去的词元</translation>
    </message>
    <message>
        <source>Lion memory</source>
        <translation>Lion 记忆</translation>
    </message>
    <message>
        <source>Lion momentum</source>
        <translation>Lion 动量</translation>
    </message>
    <message>
        <source>List of synonyms</source>
        <translation>同义词表</translation>
    </message>
    <message>
        <source>LoRA beside a model whose weights are held in 8 bits: half of LoRA&apos;s memory, a little slower.</source>
        <translation>模型权重以 8 位保存时的 LoRA：内存为 LoRA 的一半，略慢。</translation>
    </message>
    <message>
        <source>LoRA over 8 bits</source>
        <translation>8 位基座上的 LoRA</translation>
    </message>
    <message>
        <source>LoRA that moves its additions to the layers that need them most as it learns.</source>
        <translation>在学习过程中把附加部分移到最需要的层的 LoRA。</translation>
    </message>
    <message>
        <source>LoRA that trains length and direction of the weights apart: a little better at small ranks, and slower.</source>
        <translation>把权重的长度与方向分开训练的 LoRA：秩小时略好，但更慢。</translation>
    </message>
    <message>
        <source>LoRA whose additions count by the root of the rank, so that large ranks still help.</source>
        <translation>附加部分按秩的平方根缩放的 LoRA，使较大的秩仍然有益。</translation>
    </message>
    <message>
        <source>Narrowing</source>
        <translation>收窄倍数</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Next words</source>
        <translation>后续词</translation>
    </message>
    <message>
        <source>Noise on the words while training (NEFTune), against learning by heart; 0 = off, 5 is usual.</source>
        <translation>训练时在词向量上加噪声（NEFTune），防止死记硬背；0 = 关闭，通常取 5。</translation>
    </message>
    <message>
        <source>On a GPU, only operations that give the same bits every time, where there are such; on the processor one thread does that anyway.</source>
        <translation>在 GPU 上只用每次结果逐位相同的运算（若有）；在处理器上单线程本来就是如此。</translation>
    </message>
    <message>
        <source>One label a text</source>
        <translation>每段文本一个标签</translation>
    </message>
    <message>
        <source>Optimizer</source>
        <translation>优化器</translation>
    </message>
    <message>
        <source>Pack texts</source>
        <translation>打包文本</translation>
    </message>
    <message>
        <source>Patience on a plateau</source>
        <translation>停滞耐心</translation>
    </message>
    <message>
        <source>Pieces with labels</source>
        <translation>带标签的词片</translation>
    </message>
    <message>
        <source>Power of the decay</source>
        <translation>衰减指数</translation>
    </message>
    <message>
        <source>Preferences</source>
        <translation>偏好</translation>
    </message>
    <message>
        <source>Prefix tuning</source>
        <translation>前缀微调</translation>
    </message>
    <message>
        <source>Prompt tuning</source>
        <translation>提示微调</translation>
    </message>
    <message>
        <source>Prompt tuning through a small network that ties the tokens to each other and is dropped in the end.</source>
        <translation>通过一个小网络进行提示微调，使各词元相互关联，结束后网络被丢弃。</translation>
    </message>
    <message>
        <source>Pull to right angles</source>
        <translation>正交拉力</translation>
    </message>
    <message>
        <source>Puts several short texts into one row, which is faster; they do not see each other. The batch size then counts rows.</source>
        <translation>把几段短文本放进同一行以加快训练，它们互不可见。此时批大小按行计。</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>秩</translation>
    </message>
    <message>
        <source>Rate at the end</source>
        <translation>终点学习率</translation>
    </message>
    <message>
        <source>Reads two texts at once and gives the pair a label: follows, contradicts, means the same.</source>
        <translation>同时读取两段文本并给出一个标签：蕴含、矛盾、同义。</translation>
    </message>
    <message>
        <source>Reads two texts at once and says how well they go together: similarity, relevance (cross-encoder).</source>
        <translation>同时读取两段文本并判断它们的匹配程度：相似度、相关性（交叉编码器）。</translation>
    </message>
    <message>
        <source>SGD looks ahead</source>
        <translation>SGD 前瞻</translation>
    </message>
    <message>
        <source>SGD momentum</source>
        <translation>SGD 动量</translation>
    </message>
    <message>
        <source>SGD takes the gradient as if the momentum had moved on already.</source>
        <translation>SGD 在动量已先行移动的位置取梯度。</translation>
    </message>
    <message>
        <source>Save every</source>
        <translation>保存间隔</translation>
    </message>
    <message>
        <source>Sentence vectors</source>
        <translation>句向量</translation>
    </message>
    <message>
        <source>Share of a text&apos;s tokens that are hidden, others in every epoch.</source>
        <translation>文本中被遮盖词元的比例，每轮不同。</translation>
    </message>
    <message>
        <source>Share of a text&apos;s tokens that are left out, others in every epoch.</source>
        <translation>文本中被删去词元的比例，每轮不同。</translation>
    </message>
    <message>
        <source>Share of a text&apos;s tokens that change places with the next, others in every epoch.</source>
        <translation>文本中与后一个互换位置的词元比例，每轮不同。</translation>
    </message>
    <message>
        <source>Share of inputs that the additions do not see while training.</source>
        <translation>训练时附加部分看不到的输入比例。</translation>
    </message>
    <message>
        <source>Share of the gradient&apos;s running mean that a step keeps.</source>
        <translation>每步保留的梯度滑动均值的比例。</translation>
    </message>
    <message>
        <source>Share of the mean of past gradients that a step keeps.</source>
        <translation>每步保留的过去梯度均值的比例。</translation>
    </message>
    <message>
        <source>Share of the squared gradient&apos;s running mean that a step keeps.</source>
        <translation>每步保留的梯度平方滑动均值的比例。</translation>
    </message>
    <message>
        <source>Share of the step before that a step of Adafactor keeps; 0 = none, which saves memory.</source>
        <translation>Adafactor 每步保留上一步的比例；0 = 不保留，节省内存。</translation>
    </message>
    <message>
        <source>Share of the step before that a step of SGD keeps; 0 = none.</source>
        <translation>SGD 每步保留上一步的比例；0 = 不保留。</translation>
    </message>
    <message>
        <source>Share of the steps before the first direction is switched off.</source>
        <translation>在关闭第一个方向之前的步数比例。</translation>
    </message>
    <message>
        <source>Share of the steps, at the end, that train only what is kept.</source>
        <translation>结尾只训练保留部分的步数比例。</translation>
    </message>
    <message>
        <source>Share of the words in the list of synonyms that are replaced, others in every epoch.</source>
        <translation>同义词表中的词被替换的比例，每轮不同。</translation>
    </message>
    <message>
        <source>Share of the words that are hidden and asked for.</source>
        <translation>被遮盖并要求猜出的词的比例。</translation>
    </message>
    <message>
        <source>Share of their inner activations that are left out while training.</source>
        <translation>训练时随机丢弃其内部激活的比例。</translation>
    </message>
    <message>
        <source>Short texts that share a row do not see each other; otherwise a row goes on from one text to the next.</source>
        <translation>同一行中的短文本互不可见；否则一行从一段文本接着另一段。</translation>
    </message>
    <message>
        <source>SimPO margin</source>
        <translation>SimPO 间隔</translation>
    </message>
    <message>
        <source>SimPO strength</source>
        <translation>SimPO 强度</translation>
    </message>
    <message>
        <source>Steps between checkpoints that a killed run can go on from; 0 = at evaluations, as long as saving takes no more than a twentieth of the time.</source>
        <translation>检查点之间的步数，被终止的运行可从检查点继续；0 = 在评估时保存，前提是保存用时不超过总时间的二十分之一。</translation>
    </message>
    <message>
        <source>Steps between cuts</source>
        <translation>两次削减间的步数</translation>
    </message>
    <message>
        <source>Steps over which an inverse square root decay falls to 0.7; 0 = the warm-up&apos;s length.</source>
        <translation>平方根倒数衰减降到 0.7 所需的步数；0 = 与预热等长。</translation>
    </message>
    <message>
        <source>Steps over which the learning rate rises from zero; 0 = by the share above.</source>
        <translation>学习率从零上升所用的步数；0 = 按上面的比例。</translation>
    </message>
    <message>
        <source>Steps with all directions</source>
        <translation>全部方向的步数</translation>
    </message>
    <message>
        <source>Steps with the last directions</source>
        <translation>最终方向的步数</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>强度</translation>
    </message>
    <message>
        <source>Swapped tokens</source>
        <translation>换位的词元</translation>
    </message>
    <message>
        <source>Synonyms</source>
        <translation>同义词替换</translation>
    </message>
    <message>
        <source>Teacher</source>
        <translation>教师模型</translation>
    </message>
    <message>
        <source>Teacher&apos;s share</source>
        <translation>教师比重</translation>
    </message>
    <message>
        <source>Teacher&apos;s temperature</source>
        <translation>教师温度</translation>
    </message>
    <message>
        <source>Text to text</source>
        <translation>文本到文本</translation>
    </message>
    <message>
        <source>Texts apart</source>
        <translation>文本分隔</translation>
    </message>
    <message>
        <source>The kind of network that the tokens are trained through.</source>
        <translation>训练这些词元所用网络的种类。</translation>
    </message>
    <message>
        <source>The mean of the weights of this many last evaluations is tried at the end and kept if it does better; 0 = off.</source>
        <translation>最后尝试最近这么多次评估的权重均值，若更好则保留；0 = 关闭。</translation>
    </message>
    <message>
        <source>The prefix is trained through a small network, which steadies it and is dropped in the end.</source>
        <translation>通过一个小网络训练前缀，使其更稳定，结束后网络被丢弃。</translation>
    </message>
    <message>
        <source>Through a network</source>
        <translation>经由网络</translation>
    </message>
    <message>
        <source>Time scale of the decay</source>
        <translation>衰减时间尺度</translation>
    </message>
    <message>
        <source>Trains a few tokens in front of every text, and nothing else: for large models and many tasks.</source>
        <translation>只训练每段文本前的几个词元：适合大模型和多任务。</translation>
    </message>
    <message>
        <source>Trains narrow networks behind attention and feed-forward of each layer.</source>
        <translation>训练每层注意力与前馈之后的窄网络。</translation>
    </message>
    <message>
        <source>Trains one factor for each key, value and inner activation: the fewest numbers of all, for small data.</source>
        <translation>为每个键、值和内部激活训练一个系数：参数最少，适合小数据。</translation>
    </message>
    <message>
        <source>Trains one narrow network behind the feed-forward part of each layer.</source>
        <translation>训练每层前馈部分之后的一个窄网络。</translation>
    </message>
    <message>
        <source>Trains small additions beside the frozen weights: close to training all, at a fraction of the memory.</source>
        <translation>在冻结权重旁训练小的附加部分：效果接近全部训练，内存只需一小部分。</translation>
    </message>
    <message>
        <source>Trains the biases and the head, a thousandth of the weights: little memory, good on small data.</source>
        <translation>训练偏置和输出层，约占权重的千分之一：内存少，适合小数据。</translation>
    </message>
    <message>
        <source>Trains what every layer believes to have read before the text; the model itself stays as it is.</source>
        <translation>训练每层以为在文本之前读过的内容；模型本身保持不变。</translation>
    </message>
    <message>
        <source>Virtual tokens</source>
        <translation>虚拟词元</translation>
    </message>
    <message>
        <source>Warm-up steps</source>
        <translation>预热步数</translation>
    </message>
    <message>
        <source>What happens when a step&apos;s loss or gradient is not a number: stop the run, skip the step, or go back to the last checkpoint and on with half the learning rate.</source>
        <translation>某一步的损失或梯度不是数值时怎么办：停止运行、跳过该步，或回到上一个检查点并以一半学习率继续。</translation>
    </message>
    <message>
        <source>What the learning rate is multiplied by when the dev metric has stopped getting better.</source>
        <translation>验证指标不再提升时学习率乘以多少。</translation>
    </message>
    <message>
        <source>What the tokens begin as: words of the vocabulary, or noise.</source>
        <translation>词元的初始值：词表中的词，或噪声。</translation>
    </message>
    <message>
        <source>Whether a word that is cut into pieces is judged by its first piece or piece by piece.</source>
        <translation>被切成多片的词按第一片判断，还是逐片判断。</translation>
    </message>
    <message>
        <source>Which dev metric chooses the model to keep; auto = the one that fits what is learnt.</source>
        <translation>由哪个验证指标选出要保留的模型；auto = 与所学内容相符的指标。</translation>
    </message>
    <message>
        <source>Which layers get an addition: all-linear, usual (queries and values), or the ends of their names between commas.</source>
        <translation>哪些层获得附加部分：all-linear、usual（查询和值），或以逗号分隔的层名结尾。</translation>
    </message>
    <message>
        <source>Which words are learnt: those of all answers, of each conversation&apos;s last answer, or the questions as well.</source>
        <translation>学习哪些词：全部回答、每段对话的最后一个回答，或连同问题。</translation>
    </message>
    <message>
        <source>Width of that network</source>
        <translation>该网络的宽度</translation>
    </message>
    <message>
        <source>Width of the network that the prefix is trained through; 0 = the model&apos;s.</source>
        <translation>训练前缀所用网络的宽度；0 = 与模型相同。</translation>
    </message>
    <message>
        <source>Width of the network that the tokens are trained through; 0 = the model&apos;s.</source>
        <translation>训练词元所用网络的宽度；0 = 与模型相同。</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>answers</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>batches</source>
        <translation>批</translation>
    </message>
    <message>
        <source>dpo: how closely the model stays to what it was, higher = closer; orpo: the weight of the preference beside the better answer.</source>
        <translation>dpo：模型与原来保持多接近，越大越接近；orpo：偏好相对于较好回答的权重。</translation>
    </message>
    <message>
        <source>entity_f1</source>
        <translation>实体 F1</translation>
    </message>
    <message>
        <source>entity_precision</source>
        <translation>实体精确率</translation>
    </message>
    <message>
        <source>entity_recall</source>
        <translation>实体召回率</translation>
    </message>
    <message>
        <source>everything</source>
        <translation>全部内容</translation>
    </message>
    <message>
        <source>first</source>
        <translation>第一片</translation>
    </message>
    <message>
        <source>inverse_sqrt</source>
        <translation>平方根倒数</translation>
    </message>
    <message>
        <source>last_answer</source>
        <translation>最后一个回答</translation>
    </message>
    <message>
        <source>mae</source>
        <translation>平均绝对误差</translation>
    </message>
    <message>
        <source>micro_f1</source>
        <translation>微平均 F1</translation>
    </message>
    <message>
        <source>pearson</source>
        <translation>Pearson 相关</translation>
    </message>
    <message>
        <source>perplexity</source>
        <translation>困惑度</translation>
    </message>
    <message>
        <source>plateau</source>
        <translation>停滞时下降</translation>
    </message>
    <message>
        <source>polynomial</source>
        <translation>多项式</translation>
    </message>
    <message>
        <source>preference_accuracy</source>
        <translation>偏好准确率</translation>
    </message>
    <message>
        <source>preference_margin</source>
        <translation>偏好间隔</translation>
    </message>
    <message>
        <source>random</source>
        <translation>随机</translation>
    </message>
    <message>
        <source>recall_at_1</source>
        <translation>首位召回率</translation>
    </message>
    <message>
        <source>roll_back</source>
        <translation>回退</translation>
    </message>
    <message>
        <source>root mean square</source>
        <translation>均方根</translation>
    </message>
    <message>
        <source>rows</source>
        <translation>行</translation>
    </message>
    <message>
        <source>simpo: by how much the better answer is to be ahead.</source>
        <translation>simpo：较好的回答应领先多少。</translation>
    </message>
    <message>
        <source>simpo: how much the difference of two answers counts.</source>
        <translation>simpo：两个回答之差的权重。</translation>
    </message>
    <message>
        <source>skip</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>spearman</source>
        <translation>Spearman 相关</translation>
    </message>
    <message>
        <source>stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>subset_accuracy</source>
        <translation>完全匹配率</translation>
    </message>
    <message>
        <source>times</source>
        <translation>倍</translation>
    </message>
    <message>
        <source>times the learning rate</source>
        <translation>× 学习率</translation>
    </message>
    <message>
        <source>times the loss</source>
        <translation>× 损失</translation>
    </message>
    <message>
        <source>times the rate</source>
        <translation>× 学习率</translation>
    </message>
    <message>
        <source>Compute layers twice</source>
        <translation>重算各层</translation>
    </message>
    <message>
        <source>Keeps less in memory while learning and computes it again, a third slower: for large models and long texts.</source>
        <translation>训练时少占内存，需要时重新计算，约慢三分之一：适合大模型和长文本。</translation>
    </message>
    <message>
        <source>Table (CSV, TSV)</source>
        <translation>表格（CSV、TSV）</translation>
    </message>
    <message>
        <source>fastText (__label__)</source>
        <translation>fastText（__label__）</translation>
    </message>
    <message>
        <source>HTML page</source>
        <translation>HTML 网页</translation>
    </message>
    <message>
        <source>JSON lines</source>
        <translation>JSON 行</translation>
    </message>
    <message>
        <source>SQLite database</source>
        <translation>SQLite 数据库</translation>
    </message>
    <message>
        <source>Plain text</source>
        <translation>纯文本</translation>
    </message>
    <message>
        <source>Excel workbook (XLSX)</source>
        <translation>Excel 工作簿（XLSX）</translation>
    </message>
    <message>
        <source>HTML</source>
        <translation>HTML</translation>
    </message>
    <message>
        <source>Takes out markup, scripts and styles and turns entities such as &amp;amp; into what they stand for. Paragraphs and lists become lines. What only looks like markup stays: 3 &lt; 5, &lt;bob@example.org&gt;.</source>
        <translation>去掉标记、脚本和样式，把 &amp;amp; 之类的实体换成它们代表的字符。段落和列表变成行。只是像标记的内容保留：3 &lt; 5，&lt;bob@example.org&gt;。</translation>
    </message>
    <message>
        <source>Control and invisible characters</source>
        <translation>控制字符和不可见字符</translation>
    </message>
    <message>
        <source>Takes out what nobody sees and a model stumbles over. Joiners stay in emoji and in scripts such as Persian and Hindi, where they change the reading.</source>
        <translation>去掉人看不见却会妨碍模型的字符。表情符号以及波斯文、印地文等文字中的连接符会影响读法，予以保留。</translation>
    </message>
    <message>
        <source>Control characters</source>
        <translation>控制字符</translation>
    </message>
    <message>
        <source>NUL, bell, escape and the like; tabs and line ends stay</source>
        <translation>空字符、响铃、转义等；制表符和换行保留</translation>
    </message>
    <message>
        <source>Zero-width characters</source>
        <translation>零宽字符</translation>
    </message>
    <message>
        <source>zero-width spaces, byte order marks within the text, soft hyphens, loose joiners</source>
        <translation>零宽空格、文本中的字节序标记、软连字符、多余的连接符</translation>
    </message>
    <message>
        <source>Direction marks</source>
        <translation>方向标记</translation>
    </message>
    <message>
        <source>left-to-right and right-to-left marks; Arabic and Hebrew may need them</source>
        <translation>从左到右和从右到左的标记；阿拉伯文和希伯来文可能需要</translation>
    </message>
    <message>
        <source>Unicode form</source>
        <translation>Unicode 形式</translation>
    </message>
    <message>
        <source>Writes equal characters with equal codes: an accented letter as one character instead of a letter and an accent. NFKC and NFKD also replace characters that only look special (ligatures, circled digits, full-width letters and Chinese punctuation).</source>
        <translation>让相同的字符用相同的编码：带重音的字母写成一个字符，而不是字母加重音。NFKC 和 NFKD 还会替换只是样子特殊的字符（连字、带圈数字、全角字母和中文标点）。</translation>
    </message>
    <message>
        <source>Form</source>
        <translation>形式</translation>
    </message>
    <message>
        <source>NFC changes nothing that can be seen; NFKC and NFKD lose distinctions such as a superscript</source>
        <translation>NFC 不改变任何看得见的内容；NFKC 和 NFKD 会丢失上标之类的区别</translation>
    </message>
    <message>
        <source>Full and half width</source>
        <translation>全角和半角</translation>
    </message>
    <message>
        <source>Brings letters, digits and katakana to one width: ＡＢＣ１２３ becomes ABC123, ｶﾞ becomes ガ. Chinese punctuation such as ，and （ ）stays unless asked for.</source>
        <translation>统一字母、数字和片假名的宽度：ＡＢＣ１２３ 变成 ABC123，ｶﾞ 变成 ガ。除非指定，，和（）之类的中文标点不变。</translation>
    </message>
    <message>
        <source>Letters and digits</source>
        <translation>字母和数字</translation>
    </message>
    <message>
        <source>the width of Latin letters, digits and signs</source>
        <translation>拉丁字母、数字和符号的宽度</translation>
    </message>
    <message>
        <source>half</source>
        <translation>半角</translation>
    </message>
    <message>
        <source>full</source>
        <translation>全角</translation>
    </message>
    <message>
        <source>keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Katakana</source>
        <translation>片假名</translation>
    </message>
    <message>
        <source>the width of Japanese katakana</source>
        <translation>日文片假名的宽度</translation>
    </message>
    <message>
        <source>Chinese punctuation too</source>
        <translation>包括中文标点</translation>
    </message>
    <message>
        <source>also turn ，！？：；（ ） and the like, or their half-width counterparts</source>
        <translation>同时转换，！？：；（）等标点或其半角形式</translation>
    </message>
    <message>
        <source>Traditional and simplified Chinese</source>
        <translation>繁体和简体</translation>
    </message>
    <message>
        <source>Writes Chinese in one set of characters. To simplified is nearly always right. To traditional is a guess where one simplified character stands for several (后 for 後 and 后, 发 for 發 and 髮), because each character is turned by itself. Words that differ between regions (软件, 軟體) stay. Japanese texts should be left out.</source>
        <translation>把中文统一成一种字体。转为简体几乎总是正确。转为繁体时，一个简体字对应几个繁体字的（后对應後和后，发对應發和髮）只能猜测，因为是逐字转换。各地不同的用词（软件、軟體）不变。日文文本应当排除。</translation>
    </message>
    <message>
        <source>Write as</source>
        <translation>写成</translation>
    </message>
    <message>
        <source>the characters to write with</source>
        <translation>使用的字体</translation>
    </message>
    <message>
        <source>simplified</source>
        <translation>简体</translation>
    </message>
    <message>
        <source>traditional</source>
        <translation>繁体</translation>
    </message>
    <message>
        <source>Spaces and line ends</source>
        <translation>空格和换行</translation>
    </message>
    <message>
        <source>One space between words, one kind of line end, nothing around the text.</source>
        <translation>词间一个空格，统一换行方式，文本首尾不留空白。</translation>
    </message>
    <message>
        <source>Plain spaces</source>
        <translation>普通空格</translation>
    </message>
    <message>
        <source>no-break, ideographic (full-width) and typographic spaces become plain ones</source>
        <translation>不换行空格、全角空格和排版空格变成普通空格</translation>
    </message>
    <message>
        <source>One space for many</source>
        <translation>合并空格</translation>
    </message>
    <message>
        <source>a run of spaces and tabs becomes one space; at the ends of lines it goes</source>
        <translation>连续的空格和制表符变成一个空格，行尾的去掉</translation>
    </message>
    <message>
        <source>Trim</source>
        <translation>去掉首尾空白</translation>
    </message>
    <message>
        <source>spaces and line ends around the text go</source>
        <translation>去掉文本首尾的空格和换行</translation>
    </message>
    <message>
        <source>Line ends</source>
        <translation>换行</translation>
    </message>
    <message>
        <source>Windows, old Mac and Unicode line ends become newlines, or spaces (one line)</source>
        <translation>Windows、旧 Mac 和 Unicode 的换行变成换行符或空格（合成一行）</translation>
    </message>
    <message>
        <source>newline</source>
        <translation>换行符</translation>
    </message>
    <message>
        <source>space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>Blank lines</source>
        <translation>空行</translation>
    </message>
    <message>
        <source>at most so many blank lines in a row (line ends as newlines)</source>
        <translation>连续空行最多这么多（换行为换行符时）</translation>
    </message>
    <message>
        <source>lines</source>
        <translation>行</translation>
    </message>
    <message>
        <source>No spaces within Chinese</source>
        <translation>去掉汉字间的空格</translation>
    </message>
    <message>
        <source>spaces between two Chinese characters go, as scanned texts have them</source>
        <translation>去掉两个汉字之间的空格，扫描得来的文本常有</translation>
    </message>
    <message>
        <source>Mask e-mail addresses</source>
        <translation>遮盖电子邮箱</translation>
    </message>
    <message>
        <source>Replaces e-mail addresses. Addresses with Chinese or accented letters before the @ are not found. What the project&apos;s history keeps of the text as it was imported is not masked; an export is.</source>
        <translation>替换电子邮箱地址。@ 之前含中文或重音字母的地址找不到。项目历史中保留的导入原文不遮盖，导出的文本会遮盖。</translation>
    </message>
    <message>
        <source>Replace by</source>
        <translation>替换为</translation>
    </message>
    <message>
        <source>what stands in the text instead</source>
        <translation>文本中代替它的内容</translation>
    </message>
    <message>
        <source>Mask Chinese ID numbers</source>
        <translation>遮盖身份证号</translation>
    </message>
    <message>
        <source>Replaces numbers of Chinese identity cards: 18 characters with a known province, a date of birth that can be, and the right check character. What the project&apos;s history keeps of the text as it was imported is not masked; an export is.</source>
        <translation>替换居民身份证号：18 位，省份代码有效，出生日期合理，校验码正确。项目历史中保留的导入原文不遮盖，导出的文本会遮盖。</translation>
    </message>
    <message>
        <source>Old numbers too</source>
        <translation>包括旧号码</translation>
    </message>
    <message>
        <source>also 15 digits as before 1999; they have no check character, so that other numbers are taken for one now and then</source>
        <translation>也包括 1999 年以前的 15 位号码；它们没有校验码，偶尔会误认其他数字</translation>
    </message>
    <message>
        <source>Mask IBANs</source>
        <translation>遮盖国际银行账号</translation>
    </message>
    <message>
        <source>Replaces international bank account numbers with the length of their country and the right check digits. What the project&apos;s history keeps of the text as it was imported is not masked; an export is.</source>
        <translation>替换长度符合所在国家、校验码正确的国际银行账号（IBAN）。项目历史中保留的导入原文不遮盖，导出的文本会遮盖。</translation>
    </message>
    <message>
        <source>Mask bank cards</source>
        <translation>遮盖银行卡号</translation>
    </message>
    <message>
        <source>Replaces card numbers of 13 to 19 digits, plain or in groups, that begin as the cards of a known scheme do and have the right check digit. One in ten order numbers of such a form has the right check digit by chance. What the project&apos;s history keeps of the text as it was imported is not masked; an export is.</source>
        <translation>替换 13 到 19 位的卡号，连写或分组均可，开头符合已知卡组织且校验位正确。这种形式的订单号有十分之一会碰巧符合校验位。项目历史中保留的导入原文不遮盖，导出的文本会遮盖。</translation>
    </message>
    <message>
        <source>Mask phone numbers</source>
        <translation>遮盖电话号码</translation>
    </message>
    <message>
        <source>Replaces Chinese mobile and landline numbers, international ones that begin with + or 00 and a country code, and North American ones in groups. Other national forms are not found. A number of eleven digits that could be a mobile&apos;s is taken for one, whatever it is. What the project&apos;s history keeps of the text as it was imported is not masked; an export is.</source>
        <translation>替换中国的手机和固定电话、以 + 或 00 加国家代码开头的国际号码，以及分组书写的北美号码。其他国家的写法找不到。像手机号的十一位数字一律视为手机号。项目历史中保留的导入原文不遮盖，导出的文本会遮盖。</translation>
    </message>
    <message>
        <source>Mask IP addresses</source>
        <translation>遮盖 IP 地址</translation>
    </message>
    <message>
        <source>Replaces addresses of version 4 and version 6. A version number of four parts, such as 10.0.2.1, cannot be told from one. What the project&apos;s history keeps of the text as it was imported is not masked; an export is.</source>
        <translation>替换 IPv4 和 IPv6 地址。10.0.2.1 这样的四段版本号无法与之区分。项目历史中保留的导入原文不遮盖，导出的文本会遮盖。</translation>
    </message>
    <message>
        <source>Mask names from a list</source>
        <translation>按名单遮盖姓名</translation>
    </message>
    <message>
        <source>Replaces the names that you list, and no others. Names in letters are found as whole words; Chinese ones wherever their characters stand, so that a short one may be found within another word. What the project&apos;s history keeps of the text as it was imported is not masked; an export is.</source>
        <translation>只替换名单上的姓名。字母姓名按整词查找；中文姓名只要字符相符就算，短的可能出现在别的词里。项目历史中保留的导入原文不遮盖，导出的文本会遮盖。</translation>
    </message>
    <message>
        <source>Names</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>names with commas or 、 between them</source>
        <translation>姓名之间用逗号或顿号分隔</translation>
    </message>
    <message>
        <source>File of names</source>
        <translation>名单文件</translation>
    </message>
    <message>
        <source>a text file in UTF-8 with one name a line; it is read when the cleaning runs</source>
        <translation>UTF-8 文本文件，每行一个姓名，清洗时读取</translation>
    </message>
    <message>
        <source>Any case</source>
        <translation>不分大小写</translation>
    </message>
    <message>
        <source>find names in capitals and in small letters alike</source>
        <translation>大写和小写的姓名都能找到</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>长度</translation>
    </message>
    <message>
        <source>Takes out texts that are too short or too long, as the steps before leave them.</source>
        <translation>移出过短或过长的文本，以前面步骤处理后的长度为准。</translation>
    </message>
    <message>
        <source>Shortest</source>
        <translation>最短</translation>
    </message>
    <message>
        <source>shorter texts go</source>
        <translation>更短的文本移出</translation>
    </message>
    <message>
        <source>Longest</source>
        <translation>最长</translation>
    </message>
    <message>
        <source>longer texts go; 0: none is too long</source>
        <translation>更长的文本移出；0 表示不限</translation>
    </message>
    <message>
        <source>Language (by its writing)</source>
        <translation>语言（按文字）</translation>
    </message>
    <message>
        <source>Keeps, or takes out, texts of which at least a share of the letters is of one script. It tells Chinese from English, not English from French; Japanese counts as Han as far as it is written with Chinese characters.</source>
        <translation>保留或移出某种文字占一定比例的文本。能区分中文和英文，不能区分英文和法文；日文中的汉字按汉字计。</translation>
    </message>
    <message>
        <source>Script</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>the writing to look for; Kana is hiragana and katakana</source>
        <translation>要查找的文字；假名包括平假名和片假名</translation>
    </message>
    <message>
        <source>Han</source>
        <translation>汉字</translation>
    </message>
    <message>
        <source>Latin</source>
        <translation>拉丁文</translation>
    </message>
    <message>
        <source>Cyrillic</source>
        <translation>西里尔文</translation>
    </message>
    <message>
        <source>Arabic</source>
        <translation>阿拉伯文</translation>
    </message>
    <message>
        <source>Hangul</source>
        <translation>谚文</translation>
    </message>
    <message>
        <source>Kana</source>
        <translation>假名</translation>
    </message>
    <message>
        <source>Devanagari</source>
        <translation>天城文</translation>
    </message>
    <message>
        <source>Greek</source>
        <translation>希腊文</translation>
    </message>
    <message>
        <source>Hebrew</source>
        <translation>希伯来文</translation>
    </message>
    <message>
        <source>Thai</source>
        <translation>泰文</translation>
    </message>
    <message>
        <source>Share of letters</source>
        <translation>字母占比</translation>
    </message>
    <message>
        <source>a text counts as such from this share on; digits and punctuation are not counted</source>
        <translation>达到这个比例就算；数字和标点不计</translation>
    </message>
    <message>
        <source>of the letters</source>
        <translation>的字母</translation>
    </message>
    <message>
        <source>Such texts</source>
        <translation>这些文本</translation>
    </message>
    <message>
        <source>keep these and take out the others, or the other way round</source>
        <translation>保留这些并移出其他的，或者相反</translation>
    </message>
    <message>
        <source>remove</source>
        <translation>移出</translation>
    </message>
    <message>
        <source>Texts without letters</source>
        <translation>没有字母的文本</translation>
    </message>
    <message>
        <source>what becomes of texts of digits and punctuation alone</source>
        <translation>只有数字和标点的文本如何处理</translation>
    </message>
    <message>
        <source>Alpaca instructions</source>
        <translation>Alpaca 指令</translation>
    </message>
    <message>
        <source>Questions with their answers, for tuning models that write.</source>
        <translation>问题和回答，用于微调生成模型。</translation>
    </message>
    <message>
        <source>CoNLL (a token a line)</source>
        <translation>CoNLL（每行一个词）</translation>
    </message>
    <message>
        <source>Labelled parts as a tag a word, for training taggers (NER).</source>
        <translation>每个词一个标记来表示片段，用于训练序列标注（命名实体识别）。</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标记方式</translation>
    </message>
    <message>
        <source>How tags say where a labelled part begins and ends; IOB2 is the usual one.</source>
        <translation>标记如何表示片段的起止；常用 IOB2。</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>切分</translation>
    </message>
    <message>
        <source>Table (CSV)</source>
        <translation>表格（CSV）</translation>
    </message>
    <message>
        <source>For Excel and every other program that reads tables.</source>
        <translation>用于 Excel 和其他读取表格的程序。</translation>
    </message>
    <message>
        <source>To go on labelling in doccano.</source>
        <translation>用于在 doccano 中继续标注。</translation>
    </message>
    <message>
        <source>A line a text with its labels in front, for training fastText.</source>
        <translation>每行一条文本，标签在前，用于训练 fastText。</translation>
    </message>
    <message>
        <source>One list with everything the project knows, for programs that read a document as a whole.</source>
        <translation>包含项目全部信息的一个列表，用于整体读取文档的程序。</translation>
    </message>
    <message>
        <source>A sample a line with everything the project knows, for programs and other projects.</source>
        <translation>每行一个样本，包含项目的全部信息，用于其他程序和项目。</translation>
    </message>
    <message>
        <source>To go on in Label Studio: tasks with the labels of every annotator.</source>
        <translation>用于在 Label Studio 中继续：带每位标注者标签的任务。</translation>
    </message>
    <message>
        <source>OpenAI messages</source>
        <translation>OpenAI 消息</translation>
    </message>
    <message>
        <source>Conversations as messages, for tuning at OpenAI and with most other tools.</source>
        <translation>以消息表示的对话，用于 OpenAI 和多数其他工具的微调。</translation>
    </message>
    <message>
        <source>Pairs of answers (preferences)</source>
        <translation>成对的回答（偏好）</translation>
    </message>
    <message>
        <source>A question with the better and the other answer, for tuning by preference (DPO).</source>
        <translation>一个问题、更好的回答和另一个回答，用于偏好微调（DPO）。</translation>
    </message>
    <message>
        <source>Spelling</source>
        <translation>写法</translation>
    </message>
    <message>
        <source>Whose names the members have; TRL&apos;s is what most tools read.</source>
        <translation>字段采用谁的名称；多数工具读取 TRL 的写法。</translation>
    </message>
    <message>
        <source>To go on labelling in Prodigy, or for its training commands.</source>
        <translation>用于在 Prodigy 中继续标注或使用它的训练命令。</translation>
    </message>
    <message>
        <source>ShareGPT conversations</source>
        <translation>ShareGPT 对话</translation>
    </message>
    <message>
        <source>Conversations of many turns, for tuning models that chat.</source>
        <translation>多轮对话，用于微调对话模型。</translation>
    </message>
    <message>
        <source>For training spaCy&apos;s text categories and entities.</source>
        <translation>用于训练 spaCy 的文本分类和实体。</translation>
    </message>
    <message>
        <source>Table (TSV)</source>
        <translation>表格（TSV）</translation>
    </message>
    <message>
        <source>A table with tabs between the columns, for programs that stumble over commas.</source>
        <translation>列间用制表符分隔的表格，用于不便处理逗号的程序。</translation>
    </message>
    <message>
        <source>What stands on a line; auto: words, and Chinese by the character.</source>
        <translation>每行放什么；auto：按词，中文按字。</translation>
    </message>
</context>
<context>
    <name>pages</name>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Corpus</source>
        <translation>语料</translation>
    </message>
    <message>
        <source>Evaluate</source>
        <translation>评估</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>标注</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>复查</translation>
    </message>
</context>
<context>
    <name>report</name>
    <message>
        <source>Calibration</source>
        <translation>校准</translation>
    </message>
    <message>
        <source>A or B</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Thresholds</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>分组</translation>
    </message>
</context>
<context>
    <name>report words</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>曲线</translation>
    </message>
    <message>
        <source>Curves of the pre-training</source>
        <translation>预训练曲线</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>过程记录</translation>
    </message>
    <message>
        <source>Best dev accuracy</source>
        <translation>最高开发集准确率</translation>
    </message>
    <message>
        <source>Best dev macro-F1</source>
        <translation>最高开发集宏平均 F1</translation>
    </message>
    <message>
        <source>Lowest dev loss</source>
        <translation>最低开发集损失</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>Seconds</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>Macro-F1</source>
        <translation>宏平均 F1</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Gradient norm</source>
        <translation>梯度范数</translation>
    </message>
    <message>
        <source>Tokens a second</source>
        <translation>每秒词元数</translation>
    </message>
    <message>
        <source>training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>dev</source>
        <translation>开发集</translation>
    </message>
</context>
<context>
    <name>review</name>
    <message>
        <source>Flags</source>
        <translation>存疑</translation>
    </message>
    <message>
        <source>Texts that somebody wants to come back to</source>
        <translation>有人想再看一遍的文本</translation>
    </message>
    <message>
        <source>Duplicates</source>
        <translation>重复</translation>
    </message>
    <message>
        <source>Texts that are there more than once, or nearly</source>
        <translation>出现多次或几乎相同的文本</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>一致性</translation>
    </message>
    <message>
        <source>How far annotators agree, by pair and by label</source>
        <translation>标注者之间的一致程度，按两两比较和按标签</translation>
    </message>
    <message>
        <source>Annotators</source>
        <translation>标注者</translation>
    </message>
    <message>
        <source>Who labelled how much, and how fast</source>
        <translation>每人标注了多少、速度如何</translation>
    </message>
    <message>
        <source>Disagreements</source>
        <translation>分歧</translation>
    </message>
    <message>
        <source>Texts that annotators labelled differently, to be settled</source>
        <translation>标注者意见不同、等待裁定的文本</translation>
    </message>
    <message>
        <source>Likely errors</source>
        <translation>可能的错误</translation>
    </message>
    <message>
        <source>Labels that a model which has not seen them does not believe</source>
        <translation>没见过它们的模型不相信的标签</translation>
    </message>
    <message>
        <source>More labels?</source>
        <translation>更多标签？</translation>
    </message>
    <message>
        <source>Whether more labels would make a model better</source>
        <translation>更多标签是否会让模型更好</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>Labels by words and patterns, measured and combined</source>
        <translation>按词和模式给出的标签，经过测量和综合</translation>
    </message>
</context>
<context>
    <name>stages</name>
    <message>
        <source>Training</source>
        <translation>训练中</translation>
    </message>
    <message>
        <source>Pre-training</source>
        <translation>预训练</translation>
    </message>
    <message>
        <source>Tokenising</source>
        <translation>分词</translation>
    </message>
    <message>
        <source>Training the tokenizer</source>
        <translation>训练分词器</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>counting n-grams</source>
        <translation>统计 n 元组</translation>
    </message>
    <message>
        <source>reading texts</source>
        <translation>读取文本</translation>
    </message>
    <message>
        <source>training the tokenizer</source>
        <translation>训练分词器</translation>
    </message>
    <message>
        <source>loading the model</source>
        <translation>加载模型</translation>
    </message>
    <message>
        <source>classify</source>
        <translation>分类</translation>
    </message>
    <message>
        <source>generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>export</source>
        <translation>导出</translation>
    </message>
</context>
</TS>
