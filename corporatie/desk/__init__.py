"""The pages that show everything: home, search, household, overview."""
