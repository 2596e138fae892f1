"""What of a person does not belong into what the shop keeps?"""
