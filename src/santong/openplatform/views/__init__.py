"""What browsers and apps ask of OAuth."""
