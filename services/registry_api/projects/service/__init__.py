"""What is done here: with projects in `projects`, with development plans in `plans`, with study visits in `visits`."""
