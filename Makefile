# Each command does its own set-up; steps are done again only when their inputs changed.
APP  := .venv-app/bin/python
RASA := .venv-rasa/bin/python
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run chat train data evaluate privacy fit bench load check format test lock clean demo-channels

help:            ## Show the commands
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:
	@python3 scripts/bootstrap.py

setup-dev:
	@python3 scripts/bootstrap.py --dev

run: setup       ## Start everything on http://localhost:8000
	@exec $(APP) -m channels.launch

chat: setup      ## Talk in the terminal
	@exec $(APP) -m channels.chat

demo-channels: setup ## Start everything with a made-up Telegram and Zalo to talk to
	@exec $(APP) -m tests.fakes.demo

train: setup     ## Train the dialogue model when its sources changed
	@$(RASA) -m bot.train

data: setup      ## Check all data files
	@$(APP) -m knowledge check
	@$(APP) -m actions.talk_signs
	@$(RASA) -m bot.validate

evaluate: setup-dev ## Measure search and understanding, one report
	@$(APP) -m tests.measures
	@$(RASA) -m bot.crossvalidate

privacy: setup   ## Measure how well personal data is hidden
	@$(APP) -m channels.masking evaluate

fit: setup-dev   ## Fit the search to the tuning questions
	@$(APP) -m knowledge fit tests/search_cases/tuning
	@$(APP) -m actions.bearing_fitting tests/talk_cases/tuning --questions tests/search_cases/tuning

bench: setup-dev ## Measure speed and memory, beside a stock bot in the same run
	@$(APP) -m tests.bench

load: setup-dev  ## Hold 200 web conversations at once for five minutes
	@$(APP) -m tests.bench.conversations

check: setup-dev ## Format, lint, types
	@$(APP) -m ruff format --check . && $(APP) -m ruff check .
	@$(APP) -m mypy knowledge actions channels tests/actions tests/channels tests/knowledge

format: setup-dev ## Write the format
	@$(APP) -m ruff format . && $(APP) -m ruff check --fix .

test: setup-dev  ## Run all tests
	@$(RASA) -m pytest tests/bot
	@$(APP) -m pytest --ignore=tests/bot -n 2 --dist loadfile

lock: setup-dev  ## Write the lock files of requirements/ anew
	@sh scripts/lock.sh

clean:           ## Remove everything built (not the conversations)
	rm -rf .venv-app .venv-rasa var/encoder var/index var/models var/downloads var/log var/tools
