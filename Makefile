# 稳住 Wenzhu. `make` alone prints this help.
.DEFAULT_GOAL := help
.PHONY: help setup run api shell train test test-long check validate bench \
	bench-peers compare-full conversations evaluate facts-report lock clean wechat-sim

PY := .venv/bin/python

help: ## 显示这份帮助 print this help
	@echo "稳住 Wenzhu — make <target>"
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

run: ## 启动：只有对外的渠道，本机 8000 端口（PORT=… 换端口） start the bot
	@scripts/bootstrap.sh
	@$(PY) -m launcher run

api: ## 启动：REST 和 HTTP API，本机 5005 端口，供开发和测量 start with REST
	@scripts/bootstrap.sh
	@$(PY) -m launcher api

shell: ## 在终端里对话 talk in the terminal
	@scripts/bootstrap.sh
	@$(PY) -m launcher shell

wechat-sim: ## 在终端里扮演微信，试公众号渠道 play WeChat's side in the terminal
	@scripts/bootstrap.sh
	@$(PY) -m scripts.wechat_sim $(ARGS)

train: ## 数据或配置变了才训练 train if data or config changed
	@scripts/bootstrap.sh
	@$(PY) -m launcher train

setup: ## 安装运行和开发所需 install everything, test tools too
	@scripts/bootstrap.sh --dev

test: ## 安装、检查并运行全部测试 install, check and run every test
	@scripts/test.sh

test-long: setup train ## 断电、压力、模糊、其他数据库 kills, soak, fuzz, load, databases
	@$(PY) -m pytest -m long --timeout 3600

check: setup ## 一分钟内：格式、类型、分层、约定、单元 lint, types, layers, unit
	@scripts/check.sh

validate: setup ## Rasa 自己的数据检查 Rasa's own check of the data
	@$(PY) -m scripts.validate

conversations: setup train ## 重新说一遍 docs/conversations.md hold the conversations of docs again
	@$(PY) -m scripts.write_conversations

bench: setup train ## 启动、内存、每轮耗时 ready time, memory, turn times
	@$(PY) -m scripts.bench

bench-peers: setup train ## 和 Rasa 默认流水线比（要 Python 3.10，头一次很久） beside Rasa's default
	@$(PY) -m scripts.full.peers

compare-full: setup train ## 和 Rasa 的全套依赖比回答（要 Python 3.10） the same answers on Rasa's full set?
	@$(PY) -m scripts.full.compare

evaluate: setup train ## 识别与短信分析的准确率 accuracy of understanding and analyser
	@$(PY) -m wenzhu.evaluate
	@$(PY) -m wenzhu.message.evaluate

facts-report: setup ## 哪些事实该复核 which facts are due for review
	@$(PY) -m wenzhu.knowledge.report

lock: ## 重新生成带哈希的依赖锁 write the hashed lock again
	@python3.11 scripts/lock.py $(ARGS)

clean: ## 删除模型、结果和缓存（不动数据库和 .venv） remove models, results, caches
	rm -rf models results .rasa .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
