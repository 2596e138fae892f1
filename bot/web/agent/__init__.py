"""What do the shop's own people see and decide under ``/agent``?"""
